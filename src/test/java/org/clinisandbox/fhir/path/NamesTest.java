package org.clinisandbox.fhir.path;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.ElementDefinition.TypeRefComponent;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.StructureDefinition.StructureDefinitionKind;
import org.hl7.fhir.r4.model.StructureDefinition.TypeDerivationRule;
import org.junit.jupiter.api.Test;

/** The names that we rely on are those of R4's own definitions. */
class NamesTest {
  private static final Set<String> DATE_TYPES = Set.of("date", "dateTime", "instant");

  private static final List<StructureDefinition> R4 =
      new DefaultProfileValidationSupport(FhirContext.forR4())
          .<StructureDefinition>fetchAllStructureDefinitions().stream()
              .filter(d -> d.getDerivation() != TypeDerivationRule.CONSTRAINT)
              .toList();

  private static Set<String> types(StructureDefinitionKind kind) {
    Set<String> names = new TreeSet<>();
    R4.stream().filter(d -> d.getKind() == kind).forEach(d -> names.add(d.getType()));
    return names;
  }

  private static Stream<ElementDefinition> elements() {
    return R4.stream()
        .filter(d -> d.getKind() != StructureDefinitionKind.PRIMITIVETYPE)
        .flatMap(d -> d.getSnapshot().getElement().stream())
        .filter(e -> e.getPath().contains("."));
  }

  private static String name(ElementDefinition element) {
    return element.getPath().substring(element.getPath().lastIndexOf('.') + 1);
  }

  private static boolean isDate(ElementDefinition element) {
    return element.getType().stream().map(TypeRefComponent::getCode).anyMatch(DATE_TYPES::contains);
  }

  @Test
  void types_are_those_of_R4() {
    assertThat(Types.RESOURCES)
        .containsExactlyInAnyOrderElementsOf(types(StructureDefinitionKind.RESOURCE));
    assertThat(Types.PRIMITIVES)
        .containsExactlyInAnyOrderElementsOf(types(StructureDefinitionKind.PRIMITIVETYPE));
    assertThat(Types.COMPLEX)
        .containsExactlyInAnyOrderElementsOf(types(StructureDefinitionKind.COMPLEXTYPE));
  }

  @Test
  void choices_are_those_of_R4() {
    Set<String> names = new TreeSet<>();
    elements()
        .map(NamesTest::name)
        .filter(name -> name.endsWith("[x]"))
        .forEach(name -> names.add(name.replace("[x]", "")));

    assertThat(Types.CHOICES).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void dates_are_those_of_R4() {
    Set<String> names = new TreeSet<>();
    elements().filter(e -> !name(e).endsWith("[x]") && isDate(e)).forEach(e -> names.add(name(e)));
    names.remove("value");

    assertThat(Types.DATES).containsExactlyInAnyOrderElementsOf(names);
  }

  /** Such as {@code contentReference}, which is no {@code content[x]} but is spelled like one. */
  @Test
  void an_element_that_is_spelled_like_a_choice_has_the_type_that_its_name_says() {
    Set<String> wrong = new TreeSet<>();
    elements()
        .filter(e -> !name(e).endsWith("[x]") && e.getMax().equals("1"))
        .forEach(
            e -> {
              List<String> types = e.getType().stream().map(TypeRefComponent::getCode).toList();
              boolean complex = types.stream().anyMatch(Types.COMPLEX::contains);
              String json = complex ? "{'value':1}" : "'text'";
              String told = Types.of(name(e), Rules.json(json));
              if (told != null && !told.equals(Types.SOME_DATE) && !types.contains(told)) {
                wrong.add(e.getPath() + " " + types + " " + told);
              }
            });
    assertThat(wrong)
        .containsExactly("OperationDefinition.parameter.referencedFrom.sourceId [string] id");
  }
}
