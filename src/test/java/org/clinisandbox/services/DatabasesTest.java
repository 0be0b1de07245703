package org.clinisandbox.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabasesTest {
  @Test
  void an_address_is_read_as_people_write_it() {
    Databases.Address address =
        Databases.Address.parse("postgresql://app:p%40ss@db.example:5433/main?sslmode=require");

    assertThat(address)
        .isEqualTo(
            new Databases.Address("db.example", 5433, "main", "app", "p@ss", "?sslmode=require"));
    assertThat(address.jdbc()).isEqualTo("jdbc:postgresql://db.example:5433/main?sslmode=require");
  }

  @Test
  void port_and_password_may_be_left_out() {
    Databases.Address address = Databases.Address.parse("postgres://app@db/main");

    assertThat(address.port()).isEqualTo(5432);
    assertThat(address.password()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/d",
        "postgresql://u:secret@h",
        "postgresql://h/secret",
        "postgresql://u:sec ret@h/d",
        "secret"
      })
  void what_is_no_address_is_refused_without_repeating_it(String url) {
    assertThatThrownBy(() -> Databases.Address.parse(url))
        .isInstanceOf(ServiceException.class)
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("sec ret");
  }
}
