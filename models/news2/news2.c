/*
 * NEWS2, the National Early Warning Score (Royal College of Physicians, 2017): seven measurements,
 * each worth 0 to 3 points by the table of the score's chart. Inputs and units: docs/sample-models.md.
 *
 * The chart has whole numbers, and tenths of a degree, so a value is rounded to those first.
 */
#include <stdio.h>
#include <string.h>

#include "../common/reply.h"
#include "../common/request.h"

/* Points of the values up to and including a bound; the last row has no bound. */
struct step {
  long up_to;
  int points;
};

enum { NO_BOUND = 1000000 };

static const struct step RESPIRATION[] = {{8, 3}, {11, 1}, {20, 0}, {24, 2}, {NO_BOUND, 3}};
static const struct step SPO2_1[] = {{91, 3}, {93, 2}, {95, 1}, {NO_BOUND, 0}};
static const struct step SPO2_2_AIR[] = {{83, 3}, {85, 2}, {87, 1}, {NO_BOUND, 0}};
static const struct step SPO2_2_OXYGEN[] = {{83, 3}, {85, 2}, {87, 1}, {92, 0},
                                            {94, 1}, {96, 2}, {NO_BOUND, 3}};
static const struct step SYSTOLIC[] = {{90, 3}, {100, 2}, {110, 1}, {219, 0}, {NO_BOUND, 3}};
static const struct step HEART_RATE[] = {{40, 3},  {50, 1},  {90, 0},
                                         {110, 1}, {130, 2}, {NO_BOUND, 3}};
static const struct step TENTHS_OF_DEGREE[] = {
    {350, 3}, {360, 1}, {380, 0}, {390, 1}, {NO_BOUND, 2}};

static int points(const struct step *row, long value) {
  while (value > row->up_to) {
    row++;
  }
  return row->points;
}

static int consciousness_points(const char *level) {
  static const char *const reduced[] = {"confusion", "voice", "pain", "unresponsive"};
  for (size_t i = 0; i < sizeof reduced / sizeof *reduced; i++) {
    if (strcmp(level, reduced[i]) == 0) {
      return 3;
    }
  }
  if (strcmp(level, "alert") != 0) {
    refuse("unknown-word", "consciousness");
  }
  return 0;
}

/* Scale 2 is for a target of 88 to 92 %, set by a clinician: asked for by name, never guessed. */
static long spo2_scale(void) {
  if (!has_input("spo2_scale")) {
    return 1;
  }
  const char *scale = input_word("spo2_scale");
  if (strcmp(scale, "1") != 0 && strcmp(scale, "2") != 0) {
    refuse("unknown-word", "spo2_scale");
  }
  return scale[0] - '0';
}

static const char *outcome(int score, bool single_three) {
  if (score >= 7) {
    return "high";
  }
  if (score >= 5) {
    return "medium";
  }
  return single_three ? "low-medium" : "low";
}

int main(void) {
  say_ready();
  read_request();

  long respiration = input_rounded("respiration", "/min", 0, 100, 0);
  long spo2 = input_rounded("spo2", "%", 30, 100, 0);
  double oxygen = has_input("oxygen") ? input_number("oxygen", "L/min", 0, 100) : 0;
  long systolic = input_rounded("systolic", "mm[Hg]", 20, 350, 0);
  long heart_rate = input_rounded("heart_rate", "/min", 10, 350, 0);
  long temperature = input_rounded("temperature", "Cel", 25, 45, 1);
  const char *consciousness = input_word("consciousness");
  long scale = spo2_scale();

  const struct step *spo2_row = scale == 1 ? SPO2_1 : oxygen > 0 ? SPO2_2_OXYGEN : SPO2_2_AIR;
  const struct {
    const char *name;
    int points;
  } rows[] = {
      {"respiration", points(RESPIRATION, respiration)},
      {"spo2", points(spo2_row, spo2)},
      {"oxygen", oxygen > 0 ? 2 : 0},
      {"systolic", points(SYSTOLIC, systolic)},
      {"heart_rate", points(HEART_RATE, heart_rate)},
      {"consciousness", consciousness_points(consciousness)},
      {"temperature", points(TENTHS_OF_DEGREE, temperature)},
  };
  enum { ROWS = sizeof rows / sizeof *rows };
  int score = 0;
  bool single_three = false;
  for (int i = 0; i < ROWS; i++) {
    score += rows[i].points;
    single_three = single_three || rows[i].points == 3;
  }

  char rationale[512];
  snprintf(rationale, sizeof rationale,
           "NEWS2 %d: respiration %ld /min gives %d, SpO2 %ld %% on scale %ld gives %d, %s gives "
           "%d, systolic %ld mm[Hg] gives %d, heart rate %ld /min gives %d, consciousness (%s) "
           "gives %d, temperature %ld.%ld Cel gives %d.",
           score, respiration, rows[0].points, spo2, scale, rows[1].points,
           oxygen > 0 ? "oxygen" : "air", rows[2].points, systolic, rows[3].points, heart_rate,
           rows[4].points, consciousness, rows[5].points, temperature / 10, temperature % 10,
           rows[6].points);

  reply_begin();
  reply_text("outcome", outcome(score, single_three));
  reply_whole("score", score);
  reply_text("rationale", rationale);
  reply_object("details");
  reply_object("points");
  for (int i = 0; i < ROWS; i++) {
    reply_whole(rows[i].name, rows[i].points);
  }
  reply_end();
  reply_whole("spo2_scale", scale);
  reply_flag("single_three", single_three);
  reply_end();
  reply_send();
  return 0;
}
