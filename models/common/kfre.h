#ifndef CLINISANDBOX_KFRE_H
#define CLINISANDBOX_KFRE_H

/*
 * What the two forms of the kidney failure risk equation share: four variables, centred on the
 * average patient of the cohorts, two regions and two horizons (Tangri and others, JAMA 2011;
 * 305:1553-1559; regions: JAMA 2016; 315:164-174).
 */
enum { KFRE_COMMON = 4 };

/* One summand of the linear predictor; 0 is the average patient. */
struct kfre_term {
  const char *name;
  double value;
};

/* Share of average patients without kidney failure after 2 and after 5 years. */
struct kfre_baseline {
  double two_year;
  double five_year;
};

struct kfre_form {
  const char *variables;
  double per_decade;
  double male;
  double per_5_egfr;
  double per_ln_uacr;
  struct kfre_baseline elsewhere;
  struct kfre_baseline north_america;
};

/* Reads age, sex, eGFR and uACR. */
void kfre_common_terms(const struct kfre_form *form, struct kfre_term terms[KFRE_COMMON]);

/* Reads the setting of the region, and sends both risks for the sum of these terms. */
void kfre_send(const struct kfre_form *form, const struct kfre_term *terms, int count);

#endif
