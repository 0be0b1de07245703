/*
 * The kidney failure risk equation with 8 variables: the 4, and albumin, phosphate, bicarbonate and
 * calcium in serum. Source, inputs and units: docs/sample-models.md.
 */
#include "../common/kfre.h"
#include "../common/request.h"

enum { TERMS = KFRE_COMMON + 4 };

static const struct kfre_form EIGHT = {
    .variables = "8",
    .per_decade = -0.1992,
    .male = 0.1602,
    .per_5_egfr = -0.4919,
    .per_ln_uacr = 0.3364,
    .elsewhere = {.two_year = 0.9827, .five_year = 0.9245},
    .north_america = {.two_year = 0.9780, .five_year = 0.9301},
};

int main(void) {
  say_ready();
  read_request();

  struct kfre_term terms[TERMS];
  kfre_common_terms(&EIGHT, terms);
  double albumin = input_number("albumin", "g/dL", 0.5, 8);
  double phosphate = input_number("phosphate", "mg/dL", 0.5, 20);
  double bicarbonate = input_number("bicarbonate", "mmol/L", 1, 60);
  double calcium = input_number("calcium", "mg/dL", 3, 20);
  terms[4] = (struct kfre_term){"albumin", -0.3441 * (albumin - 3.997)};
  terms[5] = (struct kfre_term){"phosphate", 0.2604 * (phosphate - 3.916)};
  terms[6] = (struct kfre_term){"bicarbonate", -0.07354 * (bicarbonate - 25.57)};
  terms[7] = (struct kfre_term){"calcium", -0.2228 * (calcium - 9.355)};
  kfre_send(&EIGHT, terms, TERMS);
  return 0;
}
