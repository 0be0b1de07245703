/*
 * eGFR by the 2021 CKD-EPI creatinine equation, without a term for race (Inker and others, New
 * England Journal of Medicine 2021; 385:1737-1749). Inputs and units: docs/sample-models.md.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../common/reply.h"
#include "../common/request.h"

/* The stage is judged on the number as printed, so that the two never disagree. */
enum { DECIMALS = 5 };

/* KDIGO's GFR categories, in mL/min/{1.73_m2}. */
static const char *stage(double egfr) {
  static const struct {
    double at_least;
    const char *name;
  } stages[] = {{90, "G1"}, {60, "G2"}, {45, "G3a"}, {30, "G3b"}, {15, "G4"}};
  for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
    if (egfr >= stages[i].at_least) {
      return stages[i].name;
    }
  }
  return "G5";
}

int main(void) {
  say_ready();
  read_request();

  double creatinine = input_number("creatinine", "mg/dL", 0.1, 40);
  double age = input_number("age", "a", 18, 130);
  const char *sex = input_word("sex");
  bool female = strcmp(sex, "female") == 0;
  if (!female && strcmp(sex, "male") != 0) {
    refuse("unknown-word", "sex");
  }

  double kappa = female ? 0.7 : 0.9;
  double alpha = female ? -0.241 : -0.302;
  double ratio = creatinine / kappa;
  double below = pow(fmin(ratio, 1), alpha);
  double above = pow(fmax(ratio, 1), -1.200);
  double ageing = pow(0.9938, age);
  double egfr = as_printed(142 * below * above * ageing * (female ? 1.012 : 1), DECIMALS);

  char rationale[320];
  snprintf(rationale, sizeof rationale,
           "eGFR %.7g mL/min/{1.73_m2} (%s): 142 for creatinine %.7g mg/dL %s kappa %.1f (factor "
           "%.3f), age %.0f a (factor %.3f)%s.",
           egfr, stage(egfr), creatinine, ratio > 1 ? "above" : "not above", kappa,
           ratio > 1 ? above : below, age, ageing, female ? " and female (factor 1.012)" : "");

  reply_begin();
  reply_text("outcome", stage(egfr));
  reply_number("score", egfr, DECIMALS);
  reply_text("rationale", rationale);
  reply_object("details");
  reply_number("kappa", kappa, 1);
  reply_number("creatinine_factor", below * above, DECIMALS);
  reply_number("age_factor", ageing, DECIMALS);
  reply_end();
  reply_send();
  return 0;
}
