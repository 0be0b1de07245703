package org.clinisandbox.sandbox.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class GuestRefusalTest {
  @ParameterizedTest
  @CsvSource({
    "protocol=json-lines, The configuration names no program.",
    "arg=/bin/true, The configuration names no protocol.",
    "protocol=http, The guest does not speak the protocol http.",
    "colour=red, The guest does not know the configuration's key colour.",
    "memory=-1, The configuration's memory is no number from 1 to 9223372036854775807.",
    "port=65536, The configuration's port is no number from 1 to 65535.",
    "env=PATH, The configuration's env has a variable without '='.",
    "nothing, The configuration has a string without '='.",
    "model=../a, 'The model''s name can''t stand in a path; use letters, digits, ''.'', ''_'' and ''-''.'",
  })
  void a_wrong_configuration_is_refused(String string, String sentence) throws Exception {
    try (GuestProcess guest = GuestProcess.start()) {
      guest.configure(string);
      assertThat(guest.rest().failure()).isEqualTo(sentence);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "arg=nowhere, , 'The image''s program nowhere can''t be started: No such file or directory.'",
    "arg=/etc/passwd, , 'The image''s program /etc/passwd can''t be started: Permission denied.'",
    "arg=/bin/true, cwd=/nowhere,"
        + " 'The image''s working folder /nowhere can''t be entered: No such file or directory.'",
  })
  void an_image_that_can_not_be_started_is_told(String program, String more, String sentence)
      throws Exception {
    try (GuestProcess guest = GuestProcess.start()) {
      guest.configure(
          "protocol=json-lines", program, "env=PATH=/usr/bin:/bin", more == null ? "env=A=" : more);
      assertThat(guest.rest().failure()).isEqualTo(sentence);
    }
  }

  @Test
  void a_second_request_a_second_configuration_and_an_early_tick_are_refused() throws Exception {
    try (GuestProcess guest = GuestProcess.ofScript("read line; read line; sleep 60")) {
      guest.ask("one");
      guest.ask("two");
      assertThat(guest.rest().failure()).isEqualTo("The host sent a second request.");
    }
    try (GuestProcess guest = GuestProcess.ofScript("sleep 60")) {
      guest.configure("protocol=json-lines");
      assertThat(guest.rest().failure()).isEqualTo("The host configured the guest twice.");
    }
    try (GuestProcess guest = GuestProcess.start()) {
      guest.send(Frame.TICK, new byte[40]);
      assertThat(guest.rest().failure())
          .isEqualTo("The host sent a frame before it configured the guest.");
    }
  }

  @Test
  void a_frame_that_is_too_large_is_refused_before_it_is_read() throws Exception {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    new DataOutputStream(head).writeInt((16 << 20) + 1);
    try (GuestProcess guest = GuestProcess.start()) {
      guest.sendRaw('Q', head.toByteArray());
      assertThat(guest.rest().failure()).contains("more than 16777216 bytes");
    }
  }
}
