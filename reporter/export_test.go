// SPDX-License-Identifier: Apache-2.0

package reporter

// Know makes r encode under the locks of its queue, as it does with the transports
// of this module. It must be called before the first Report.
func (r *Remote) Know() { r.known = true }
