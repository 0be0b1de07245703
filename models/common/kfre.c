#include "kfre.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "reply.h"
#include "request.h"

/* The outcome is judged on the risks as printed, so that they never disagree. */
enum { DECIMALS = 6 };

void kfre_common_terms(const struct kfre_form *form, struct kfre_term terms[KFRE_COMMON]) {
  double age = input_number("age", "a", 18, 130);
  const char *sex = input_word("sex");
  bool male = strcmp(sex, "male") == 0;
  if (!male && strcmp(sex, "female") != 0) {
    refuse("unknown-word", "sex");
  }
  double egfr = input_number("egfr", "mL/min/{1.73_m2}", 1, 150);
  double uacr = input_number("uacr", "mg/g", 0.1, 30000);

  terms[0] = (struct kfre_term){"age", form->per_decade * (age / 10 - 7.036)};
  terms[1] = (struct kfre_term){"sex", form->male * ((male ? 1 : 0) - 0.5642)};
  terms[2] = (struct kfre_term){"egfr", form->per_5_egfr * (egfr / 5 - 7.222)};
  terms[3] = (struct kfre_term){"uacr", form->per_ln_uacr * (log(uacr) - 5.137)};
}

/*
 * What KDIGO 2024 (Kidney International 2024; 105, supplement 4S, practice points 2.2.2 to 2.2.4)
 * ties to a risk: over 5 years, referral to a nephrologist above 5 % (the upper end of its 3 to
 * 5 %); over 2 years, care by a team above 10 %, and preparation for dialysis or a transplant above
 * 40 %.
 */
static const char *outcome(double two_year, double five_year) {
  if (two_year > 0.40) {
    return "very-high";
  }
  if (two_year > 0.10) {
    return "high";
  }
  return five_year > 0.05 ? "moderate" : "low";
}

static bool in_north_america(void) {
  const char *region = setting_word("kfre.region", "elsewhere");
  bool north_america = strcmp(region, "north-america") == 0;
  if (!north_america && strcmp(region, "elsewhere") != 0) {
    refuse("unknown-word", "kfre.region");
  }
  return north_america;
}

void kfre_send(const struct kfre_form *form, const struct kfre_term *terms, int count) {
  bool north_america = in_north_america();
  const struct kfre_baseline *baseline = north_america ? &form->north_america : &form->elsewhere;
  char parts[320] = "";
  size_t used = 0;
  double sum = 0;
  for (int i = 0; i < count; i++) {
    sum += terms[i].value;
    used += (size_t)snprintf(parts + used, sizeof parts - used, "%s%s %+.3f", i == 0 ? "" : ", ",
                             terms[i].name, terms[i].value);
  }
  double two_year = as_printed(1 - pow(baseline->two_year, exp(sum)), DECIMALS);
  double five_year = as_printed(1 - pow(baseline->five_year, exp(sum)), DECIMALS);

  char rationale[640];
  snprintf(rationale, sizeof rationale,
           "KFRE with %s variables, %s: kidney failure in %.6g %% over 5 years and %.6g %% over 2 "
           "years (%s). Against the average patient of the cohorts, on the scale of the logarithm: "
           "%s; together %+.3f.",
           form->variables, north_america ? "North America" : "outside of North America",
           100 * five_year, 100 * two_year, outcome(two_year, five_year), parts, sum);

  reply_begin();
  reply_text("outcome", outcome(two_year, five_year));
  reply_number("probability", five_year, DECIMALS);
  reply_text("rationale", rationale);
  reply_object("details");
  reply_number("two_year", two_year, DECIMALS);
  reply_text("region", north_america ? "north-america" : "elsewhere");
  reply_object("terms");
  for (int i = 0; i < count; i++) {
    reply_number(terms[i].name, terms[i].value, DECIMALS);
  }
  reply_end();
  reply_number("sum", sum, DECIMALS);
  reply_end();
  reply_send();
}
