/*
 * FIB-4, an index of liver fibrosis (Sterling and others, Hepatology 2006; 43:1317-1325):
 * age x AST / (platelets x square root of ALT). Inputs and units: docs/sample-models.md.
 */
#include <math.h>
#include <stdio.h>

#include "../common/reply.h"
#include "../common/request.h"

/* The outcome is judged on the number as printed, so that the two never disagree. */
enum { DECIMALS = 5 };

/* Sterling's cut-offs: below 1.45 advanced fibrosis is unlikely, above 3.25 it is likely. */
static const char *outcome(double index) {
  if (index < 1.45) {
    return "low";
  }
  return index > 3.25 ? "high" : "indeterminate";
}

int main(void) {
  say_ready();
  read_request();

  double age = input_number("age", "a", 18, 130);
  double ast = input_number("ast", "U/L", 1, 20000);
  double alt = input_number("alt", "U/L", 1, 20000);
  double platelets = input_number("platelets", "10*9/L", 1, 3000);
  double index = as_printed(age * ast / (platelets * sqrt(alt)), DECIMALS);

  char rationale[256];
  snprintf(rationale, sizeof rationale,
           "FIB-4 %.7g (%s): age %.0f a times AST %.7g U/L, over platelets %.7g 10*9/L times the "
           "square root of ALT %.7g U/L; cut-offs 1.45 and 3.25.",
           index, outcome(index), age, ast, platelets, alt);

  reply_begin();
  reply_text("outcome", outcome(index));
  reply_number("score", index, DECIMALS);
  reply_text("rationale", rationale);
  reply_object("details");
  reply_number("low_below", 1.45, 2);
  reply_number("high_above", 3.25, 2);
  reply_end();
  reply_send();
  return 0;
}
