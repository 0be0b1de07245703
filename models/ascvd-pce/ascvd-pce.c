/*
 * The pooled cohort equations: risk of a first hard atherosclerotic cardiovascular event within 10
 * years (Goff and others, Circulation 2014; 129, supplement 2: S49-S73, table A). Inputs and units:
 * docs/sample-models.md.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../common/reply.h"
#include "../common/request.h"

/* The outcome is judged on the risk as printed, so that the two never disagree. */
enum { DECIMALS = 6 };

/* Weights of natural logarithms and of yes (1) or no (0); "age_x" weighs ln age times x. */
struct equation {
  const char *name;
  const char *people;
  double age, age_age;
  double total, age_total;
  double hdl, age_hdl;
  double treated, age_treated;
  double untreated, age_untreated;
  double smoker, age_smoker;
  double diabetes;
  double mean;
  double survival;
};

static const struct equation WHITE_WOMEN = {
    .name = "white-women",
    .people = "white women",
    .age = -29.799,
    .age_age = 4.884,
    .total = 13.540,
    .age_total = -3.114,
    .hdl = -13.578,
    .age_hdl = 3.149,
    .treated = 2.019,
    .untreated = 1.957,
    .smoker = 7.574,
    .age_smoker = -1.665,
    .diabetes = 0.661,
    .mean = -29.18,
    .survival = 0.9665,
};
static const struct equation BLACK_WOMEN = {
    .name = "black-women",
    .people = "black women",
    .age = 17.114,
    .total = 0.940,
    .hdl = -18.920,
    .age_hdl = 4.475,
    .treated = 29.291,
    .age_treated = -6.432,
    .untreated = 27.820,
    .age_untreated = -6.087,
    .smoker = 0.691,
    .diabetes = 0.874,
    .mean = 86.61,
    .survival = 0.9533,
};
static const struct equation WHITE_MEN = {
    .name = "white-men",
    .people = "white men",
    .age = 12.344,
    .total = 11.853,
    .age_total = -2.664,
    .hdl = -7.990,
    .age_hdl = 1.769,
    .treated = 1.797,
    .untreated = 1.764,
    .smoker = 7.837,
    .age_smoker = -1.795,
    .diabetes = 0.658,
    .mean = 61.18,
    .survival = 0.9144,
};
static const struct equation BLACK_MEN = {
    .name = "black-men",
    .people = "black men",
    .age = 2.469,
    .total = 0.302,
    .hdl = -0.307,
    .treated = 1.916,
    .untreated = 1.809,
    .smoker = 0.549,
    .diabetes = 0.645,
    .mean = 19.54,
    .survival = 0.8954,
};

/* A measurement, and the values that the equations' authors allow for it. */
struct measurement {
  const char *name;
  const char *called;
  const char *unit;
  double low, high;
  double value;
};

static bool outside(const struct measurement *it) {
  return it->value < it->low || it->value > it->high;
}

/* The race on record, or NULL. */
static const char *race_word(void) {
  static const char *const known[] = {"american-indian", "asian", "black",
                                      "multiple", "pacific-islander", "white"};
  if (!has_input("race")) {
    return NULL;
  }
  const char *race = input_word("race");
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(race, known[i]) == 0) {
      return race;
    }
  }
  refuse("unknown-word", "race");
}

static bool yes(const char *name, const char *word_yes, const char *word_no) {
  const char *word = input_word(name);
  bool is = strcmp(word, word_yes) == 0;
  if (!is && strcmp(word, word_no) != 0) {
    refuse("unknown-word", name);
  }
  return is;
}

/* Categories of the 2019 ACC/AHA guideline on primary prevention (Circulation 2019; 140:e596). */
static const char *outcome(double risk) {
  if (risk >= 0.20) {
    return "high";
  }
  if (risk >= 0.075) {
    return "intermediate";
  }
  return risk >= 0.05 ? "borderline" : "low";
}

int main(void) {
  say_ready();
  read_request();

  double age = input_number("age", "a", 40, 79);
  bool female = yes("sex", "female", "male");
  const char *race = race_word();
  bool black = race != NULL && strcmp(race, "black") == 0;
  struct measurement measured[] = {
      {"total_cholesterol", "total cholesterol", "mg/dL", 130, 320,
       input_number("total_cholesterol", "mg/dL", 20, 1500)},
      {"hdl_cholesterol", "HDL cholesterol", "mg/dL", 20, 100,
       input_number("hdl_cholesterol", "mg/dL", 3, 250)},
      {"systolic", "systolic pressure", "mm[Hg]", 90, 200,
       input_number("systolic", "mm[Hg]", 20, 350)},
  };
  enum { MEASURED = sizeof measured / sizeof *measured };
  bool smoker = yes("smoking", "smoker", "non-smoker");
  bool diabetes = input_flag("diabetes");
  bool treated = input_flag("bp_treated");

  const struct equation *e = female ? (black ? &BLACK_WOMEN : &WHITE_WOMEN)
                                    : (black ? &BLACK_MEN : &WHITE_MEN);
  double a = log(age);
  double total = log(measured[0].value);
  double hdl = log(measured[1].value);
  double pressure = log(measured[2].value);
  double sum = e->age * a + e->age_age * a * a + e->total * total + e->age_total * a * total +
               e->hdl * hdl + e->age_hdl * a * hdl;
  sum += treated ? (e->treated + e->age_treated * a) * pressure
                 : (e->untreated + e->age_untreated * a) * pressure;
  sum += smoker ? e->smoker + e->age_smoker * a : 0;
  sum += diabetes ? e->diabetes : 0;
  double risk = as_printed(1 - pow(e->survival, exp(sum - e->mean)), DECIMALS);

  char rationale[1024];
  size_t used = (size_t)snprintf(
      rationale, sizeof rationale,
      "ASCVD within 10 years: %.6g %% (%s), by the pooled cohort equation for %s: age %.0f a, "
      "total cholesterol %.7g mg/dL, HDL cholesterol %.7g mg/dL, systolic %.7g mm[Hg] "
      "(%streated), %s, %s.",
      100 * risk, outcome(risk), e->people, age, measured[0].value, measured[1].value,
      measured[2].value, treated ? "" : "un", smoker ? "smoker" : "non-smoker",
      diabetes ? "diabetes" : "no diabetes");
  if (race == NULL) {
    used += (size_t)snprintf(rationale + used, sizeof rationale - used,
                             " No race is on record: the equation for white people was taken.");
  } else if (!black && strcmp(race, "white") != 0) {
    used += (size_t)snprintf(rationale + used, sizeof rationale - used,
                             " There is no equation for the race on record (%s): the one for white "
                             "people was taken.",
                             race);
  }
  for (int i = 0; i < MEASURED; i++) {
    if (outside(&measured[i])) {
      used += (size_t)snprintf(rationale + used, sizeof rationale - used,
                               " The %s is outside of the equation's range, %.0f to %.0f %s.",
                               measured[i].called, measured[i].low, measured[i].high,
                               measured[i].unit);
    }
  }

  reply_begin();
  reply_text("outcome", outcome(risk));
  reply_number("probability", risk, DECIMALS);
  reply_text("rationale", rationale);
  reply_object("details");
  reply_text("equation", e->name);
  reply_number("sum", sum, DECIMALS);
  reply_object("outside_of_range");
  for (int i = 0; i < MEASURED; i++) {
    reply_flag(measured[i].name, outside(&measured[i]));
  }
  reply_end();
  reply_end();
  reply_send();
  return 0;
}
