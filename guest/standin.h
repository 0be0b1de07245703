/*
 * What a copied machine rehearses a request with: the same model, started a second time. It stands
 * beside the other as confined as that, and apart from it: it has a user, a control group, a network,
 * an IPC namespace and a /tmp of its own, and never sees a patient.
 */
#pragma once

#include "configure.h"
#include "model.h"

/* Starts it and waits until it is ready; first is 0 when there is no request to rehearse with, or it
   does not get ready. */
struct model start_stand_in(const struct config *config);

/* Kills it with all that it started. */
void end_stand_in(struct model *stand_in);
