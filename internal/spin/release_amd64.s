// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && gc && !purego && !race

#include "textflag.h"

// func release(p *uint32)
TEXT ·release(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), AX
	MOVL $0, (AX)
	RET
