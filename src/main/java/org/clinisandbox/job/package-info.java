/** The only writer of job state: accepted, leased, ended, with its results and its hints. */
@NullMarked
package org.clinisandbox.job;

import org.jspecify.annotations.NullMarked;
