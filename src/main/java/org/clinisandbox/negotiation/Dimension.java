package org.clinisandbox.negotiation;

/** What a unit measures, and the base that its factor refers to. */
enum Dimension {
  /** K. */
  TEMPERATURE,
  /** g/L. */
  MASS_CONCENTRATION,
  /** mol/L. */
  SUBSTANCE_CONCENTRATION,
  /** eq/L: charges, in moles. */
  CHARGE_CONCENTRATION,
  /** 1/L. */
  NUMBER_CONCENTRATION,
  /** U/L. */
  CATALYTIC_CONCENTRATION,
  /** 1/min. */
  FREQUENCY,
  /** Pa. */
  PRESSURE,
  /** 1. */
  FRACTION,
  /** g/mol. */
  MASS_PER_SUBSTANCE,
  /** L/min. */
  FLOW,
  /** g. */
  MASS,
  /** m. */
  LENGTH,
  /** kg/m2. */
  BODY_MASS_INDEX
}
