package org.clinisandbox.sandbox.bubblewrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.sandbox.bubblewrap.FilterDump.ALLOW;
import static org.clinisandbox.sandbox.bubblewrap.FilterDump.X86_64;
import static org.clinisandbox.sandbox.bubblewrap.FilterDump.run;

import org.clinisandbox.registry.Protocol;
import org.junit.jupiter.api.Test;

/** What the filter says to system calls, one by one. */
class SyscallFilterTest {
  private static final int NOT_PERMITTED = 0x00050001;
  private static final int NOT_THERE = 0x00050026;
  private static final int KILL = 0x80000000;

  private static final int IOCTL = 16;
  private static final int SOCKET = 41;
  private static final int SOCKETPAIR = 53;
  private static final int CLONE = 56;
  private static final int PTRACE = 101;
  private static final int UNSHARE = 272;

  private final byte[] lines = SyscallFilter.of(Protocol.JSON_LINES);
  private final byte[] http = SyscallFilter.of(Protocol.SAGEMAKER);

  @Test
  void what_is_allowed_is_what_the_committed_list_names_and_nothing_else() {
    assertThat(FilterDump.allowed()).isEqualTo(FilterDump.listed()).hasSizeBetween(200, 260);
  }

  @Test
  void no_namespace_is_made_and_no_thread_is_hindered() {
    for (int flag :
        new int[] {0x80, 1 << 17, 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30}) {
      assertThat(run(lines, X86_64, CLONE, flag | 17, 0)).isEqualTo(NOT_PERMITTED);
    }
    assertThat(run(lines, X86_64, CLONE, 0x3D0F00, 0)).isEqualTo(ALLOW);
    assertThat(run(lines, X86_64, UNSHARE, 0, 0)).isEqualTo(NOT_PERMITTED);
    assertThat(run(lines, X86_64, 435, 0, 0)).as("clone3").isEqualTo(NOT_THERE);
  }

  @Test
  void nothing_is_typed_into_a_terminal() {
    assertThat(run(lines, X86_64, IOCTL, 0, 0x5412)).isEqualTo(NOT_PERMITTED);
    assertThat(run(lines, X86_64, IOCTL, 0, 0x541C)).isEqualTo(NOT_PERMITTED);
    assertThat(run(lines, X86_64, IOCTL, 0, 0x5401)).isEqualTo(ALLOW);
  }

  @Test
  void only_a_model_that_serves_http_has_sockets_and_those_are_tcp() {
    for (int family = 0; family < 64; family++) {
      for (int type = 1; type < 8; type++) {
        assertThat(run(lines, X86_64, SOCKET, family, type)).isEqualTo(NOT_PERMITTED);
        boolean tcp = (family == 2 || family == 10) && type == 1;
        assertThat(run(http, X86_64, SOCKET, family, type | 0x80800))
            .isEqualTo(tcp ? ALLOW : NOT_PERMITTED);
      }
    }
    assertThat(run(lines, X86_64, SOCKETPAIR, 1, 1)).isEqualTo(ALLOW);
    assertThat(run(lines, X86_64, SOCKETPAIR, 40, 1)).isEqualTo(NOT_PERMITTED);
  }

  @Test
  void another_architectures_calls_end_the_process() {
    assertThat(run(lines, 0x40000003, PTRACE, 0, 0)).as("i386").isEqualTo(KILL);
    assertThat(run(lines, X86_64, 0x40000000, 0, 0)).as("x32").isEqualTo(KILL);
    assertThat(run(lines, X86_64, PTRACE, 0, 0)).isEqualTo(NOT_PERMITTED);
  }
}
