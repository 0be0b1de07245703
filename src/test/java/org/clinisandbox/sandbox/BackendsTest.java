package org.clinisandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.sandbox.TestModels.LIMITS;
import static org.clinisandbox.sandbox.TestModels.request;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.clinisandbox.registry.Isolation;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.SandboxException.Kind;
import org.clinisandbox.sandbox.mock.MockBackend;
import org.clinisandbox.sandbox.wasm.WasmBackend;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private static final ModelImage MOCK = new ModelImage.Mock("mock/sepsis");
  private static final ModelImage WASM = new ModelImage.Wasm(Path.of("a.wasm"), "sha256:");

  private final WasmBackend wasm = TestHost.WASM;
  private final MockBackend mock = new MockBackend();
  private final Backends backends = Backends.strongestFirst(List.of(mock, wasm), Clock.systemUTC());

  @Test
  void a_module_runs_on_a_backend_that_reaches_its_minimum() throws SandboxException {
    assertThat(backends.choose(WASM, Isolation.NONE)).isSameAs(wasm);
    assertThat(backends.choose(WASM, Isolation.WASM)).isSameAs(wasm);
  }

  @Test
  void the_strongest_backend_is_chosen() throws SandboxException {
    Backend stronger = new StrongerBackend(wasm);
    assertThat(
            Backends.strongestFirst(List.of(wasm, stronger, mock), Clock.systemUTC())
                .choose(WASM, Isolation.WASM))
        .isSameAs(stronger);
    assertThat(
            Backends.strongestFirst(List.of(stronger, wasm), Clock.systemUTC())
                .choose(WASM, Isolation.MICROVM))
        .isSameAs(stronger);
  }

  @Test
  void a_minimum_that_no_backend_reaches_is_refused_with_what_there_is() {
    assertThatThrownBy(() -> backends.choose(WASM, Isolation.MICROVM))
        .isInstanceOfSatisfying(
            SandboxException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ISOLATION_UNAVAILABLE))
        .hasMessageContaining("microvm")
        .hasMessageContaining("wasm (wasm)")
        .hasMessageNotContaining("mock");
  }

  @Test
  void a_mock_is_never_the_way_out_for_a_real_model() {
    Backends mockOnly = Backends.strongestFirst(List.of(mock), Clock.systemUTC());
    assertThatThrownBy(() -> mockOnly.choose(WASM, Isolation.NONE))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("nothing");
    assertThatThrownBy(() -> mock.start(WASM, LIMITS)).isInstanceOf(SandboxException.class);
  }

  @Test
  void a_mock_image_runs_on_the_mock_whatever_its_minimum_and_says_so() throws SandboxException {
    Backend chosen = backends.choose(MOCK, Isolation.MICROVM);
    assertThat(chosen.isolation()).isEqualTo(Isolation.NONE);
    try (Sandbox sandbox = chosen.start(MOCK, LIMITS)) {
      assertThat(sandbox.isWaiting()).isTrue();
      Answer.Replied replied = (Answer.Replied) sandbox.ask(request("{}"));
      assertThat(replied.line())
          .asString()
          .isEqualTo("{\"outcome\":\"mock\",\"rationale\":\"No model was run.\"}");
      assertThat(Exchange.read(Protocol.JSON_LINES, replied.line(), Manifest.Output.ANY))
          .isInstanceOf(Reply.Good.class);
      assertThat(sandbox.isWaiting()).isFalse();
      assertThatThrownBy(() -> sandbox.ask(request("{}")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void every_backend_is_tried_out_strongest_first() {
    assertThat(backends.probe())
        .extracting(Probe::name, Probe::available)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("wasm", true),
            org.assertj.core.groups.Tuple.tuple("mock", true));
  }

  /** The wasm backend under a higher rank: only its rank is looked at. */
  private record StrongerBackend(WasmBackend wasm) implements Backend {
    @Override
    public String name() {
      return "stronger";
    }

    @Override
    public Isolation isolation() {
      return Isolation.MICROVM;
    }

    @Override
    public boolean runs(ModelImage image) {
      return wasm.runs(image);
    }

    @Override
    public Sandbox start(ModelImage image, org.clinisandbox.registry.Limits limits)
        throws SandboxException {
      return wasm.start(image, limits);
    }

    @Override
    public Probe probe() {
      return wasm.probe();
    }
  }
}
