/*
 * qSOFA, the quick score of organ failure in suspected infection (Seymour and others, JAMA 2016;
 * 315:762-774): a point each for fast breathing, low pressure and a mind that is not alert. Inputs
 * and units: docs/sample-models.md.
 */
#include <stdio.h>
#include <string.h>

#include "../common/reply.h"
#include "../common/request.h"

static bool altered(const char *level) {
  static const char *const reduced[] = {"confusion", "voice", "pain", "unresponsive"};
  for (size_t i = 0; i < sizeof reduced / sizeof *reduced; i++) {
    if (strcmp(level, reduced[i]) == 0) {
      return true;
    }
  }
  if (strcmp(level, "alert") != 0) {
    refuse("unknown-word", "consciousness");
  }
  return false;
}

int main(void) {
  say_ready();
  read_request();

  double respiration = input_number("respiration", "/min", 0, 100);
  double systolic = input_number("systolic", "mm[Hg]", 20, 350);
  const char *consciousness = input_word("consciousness");
  bool fast = respiration >= 22;
  bool low = systolic <= 100;
  bool mind = altered(consciousness);
  int score = fast + low + mind;
  const char *outcome = score >= 2 ? "positive" : "negative";

  char rationale[320];
  snprintf(rationale, sizeof rationale,
           "qSOFA %d (positive from 2 on): respiration %.7g /min gives %d (from 22), systolic "
           "%.7g mm[Hg] gives %d (up to 100), consciousness (%s) gives %d (unless alert).",
           score, respiration, fast, systolic, low, consciousness, mind);

  reply_begin();
  reply_text("outcome", outcome);
  reply_whole("score", score);
  reply_text("rationale", rationale);
  reply_object("details");
  reply_object("points");
  reply_whole("respiration", fast);
  reply_whole("systolic", low);
  reply_whole("consciousness", mind);
  reply_end();
  reply_end();
  reply_send();
  return 0;
}
