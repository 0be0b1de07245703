/** Leases a job, runs it in a sandbox, checks and records what came out. */
@NullMarked
package org.clinisandbox.worker;

import org.jspecify.annotations.NullMarked;
