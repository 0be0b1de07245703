package org.clinisandbox;

/** Entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("hello " + args.length);
  }
}
