/*
 * The kidney failure risk equation with 4 variables. Source, inputs and units:
 * docs/sample-models.md.
 */
#include "../common/kfre.h"
#include "../common/request.h"

static const struct kfre_form FOUR = {
    .variables = "4",
    .per_decade = -0.2201,
    .male = 0.2467,
    .per_5_egfr = -0.5567,
    .per_ln_uacr = 0.4510,
    .elsewhere = {.two_year = 0.9832, .five_year = 0.9365},
    .north_america = {.two_year = 0.9750, .five_year = 0.9240},
};

int main(void) {
  say_ready();
  read_request();

  struct kfre_term terms[KFRE_COMMON];
  kfre_common_terms(&FOUR, terms);
  kfre_send(&FOUR, terms, KFRE_COMMON);
  return 0;
}
