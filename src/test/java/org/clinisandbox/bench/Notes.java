package org.clinisandbox.bench;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Adds to a run's results what its script measured: the file, then NAME=NUMBER each. */
public final class Notes {
  private Notes() {}

  public static void main(String[] args) throws Exception {
    Results results = Results.read(Path.of(args[0]));
    ObjectNode notes = results.json().withObject("/notes");
    for (String note : List.of(args).subList(1, args.length)) {
      int equals = note.indexOf('=');
      notes.put(note.substring(0, equals), Long.parseLong(note.substring(equals + 1)));
      System.out.println(note);
    }
    results.write();
  }
}
