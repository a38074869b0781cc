// SPDX-License-Identifier: Apache-2.0

// A service on npm's jaeger-client, the other side of the traces that e2e shares
// with Go. It is configured by JAEGER_* variables, prints its URL and then serves
//
//   GET /hop?next=URL                    continues the trace of its headers and calls URL, if there is one, in it
//   GET /begin?next=URL&key=K&value=V    begins a trace that carries the baggage K=V and calls URL in it;
//                                        with &short=1 one whose id has a leading zero, which it does not write
//
// until its standard input ends; then it flushes what it recorded.
'use strict';

const http = require('http');
const { initTracerFromEnv } = require('jaeger-client');
const opentracing = require('opentracing');

const quiet = { info() {}, error(message) { process.stderr.write(message + '\n'); } };
const tracer = initTracerFromEnv({ serviceName: 'node' }, { logger: quiet });

// call requests url within span and resolves to the body.
function call(url, span) {
  return new Promise((resolve, reject) => {
    const headers = {};
    tracer.inject(span.context(), opentracing.FORMAT_HTTP_HEADERS, headers);
    http.get(url, { headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part) => { body += part; });
      response.on('end', () => resolve(body));
      response.on('error', reject);
    }).on('error', reject);
  });
}

async function serve(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const begin = url.pathname === '/begin';
  const parent = begin ? undefined : tracer.extract(opentracing.FORMAT_HTTP_HEADERS, request.headers);
  const start = () => tracer.startSpan(begin ? 'node-begin' : 'node-hop', {
    childOf: parent,
    tags: { [opentracing.Tags.SPAN_KIND]: 'server' },
  });
  let span = start();
  if (begin) {
    while (url.searchParams.get('short') && span.context().traceIdStr.length === 16) {
      span = start();
    }
    span.setBaggageItem(url.searchParams.get('key'), url.searchParams.get('value'));
  }
  const answer = { traceID: span.context().traceIdStr, baggage: span.context()._baggage, next: null };
  const next = url.searchParams.get('next');
  if (next) {
    answer.next = JSON.parse(await call(next, span));
  }
  span.finish();
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(answer));
}

const server = http.createServer((request, response) => {
  serve(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error && error.stack));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.stdin.resume();
process.stdin.on('end', () => { server.close(); tracer.close(() => process.exit(0)); });
