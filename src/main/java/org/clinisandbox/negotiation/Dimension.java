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
  /** osm/L. */
  OSMOLARITY,
  /** mol/kg, and osm/kg: a mole of particles. */
  SUBSTANCE_CONTENT,
  /** 1/L. */
  NUMBER_CONCENTRATION,
  /** U/L. */
  CATALYTIC_CONCENTRATION,
  /** 1/min. */
  FREQUENCY,
  /** s. */
  TIME,
  /** Pa. */
  PRESSURE,
  /** 1. */
  FRACTION,
  /** [pH], a logarithm: it converts into nothing. */
  ACIDITY,
  /** g/mol. */
  MASS_PER_SUBSTANCE,
  /** L/min. */
  FLOW,
  /** L/min/m2. */
  FLOW_PER_AREA,
  /** mL/kg/h. */
  FLOW_PER_MASS,
  /** g/d. */
  MASS_RATE,
  /** mol/d. */
  SUBSTANCE_RATE,
  /** ug/kg/min. */
  DOSE_RATE,
  /** g. */
  MASS,
  /** m. */
  LENGTH,
  /** m2. */
  AREA,
  /** L. */
  VOLUME,
  /** m/s. */
  VELOCITY,
  /** kg/m2. */
  MASS_PER_AREA
}
