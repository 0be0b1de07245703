package org.clinisandbox.fhir.validation;

import java.util.List;

/** What HAPI's validator says of one value, in the smallest resource that can hold it. */
final class Oracle {
  private Oracle() {}

  private static List<String> errors(String json) {
    return org.clinisandbox.fhir.differential.Oracle.shared().errors(json);
  }

  /** What is wrong with one value of a primitive type, as it is written in JSON. */
  static List<String> ofPrimitive(String type, String json) {
    String property = "value" + Character.toUpperCase(type.charAt(0)) + type.substring(1);
    return errors(
        """
        {"resourceType":"Parameters","parameter":[{"name":"p","%s":%s}]}"""
            .formatted(property, json));
  }

  static List<String> ofNarrative(String jsonString) {
    return errors(
        """
        {"resourceType":"Basic","code":{"text":"x"},"text":{"status":"generated","div":%s}}"""
            .formatted(jsonString));
  }

  static List<String> ofUnit(String jsonString) {
    return errors(
        """
        {"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":
        {"value":1,"system":"http://unitsofmeasure.org","code":%s}}"""
            .formatted(jsonString));
  }
}
