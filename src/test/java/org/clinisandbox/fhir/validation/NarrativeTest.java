package org.clinisandbox.fhir.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import org.clinisandbox.fhir.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each line stands in the div, or is the whole of it where it begins with a bar. */
class NarrativeTest {
  private static final String OPEN = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

  private static final String RIGHT =
      """
      a
      &#160;
      <img src="a.png"/>
      <p/>a<p >b</p>
      x<![CDATA[<b>]]>
      a<!-- b -->
      <?php x ?>a
      | <div xmlns='http://www.w3.org/1999/xhtml'>a</div>\s
      |<?xml version="1.0"?><!-- b --><div xmlns="http://www.w3.org/1999/xhtml">a</div><!-- c -->
      |<div xmlns="http://www.w3.org/1999/xhtml" xmlns:x="urn:x" title="c" lang="en" xml:lang="en">a</div>
      a &amp; &lt; &gt; &quot; &apos; &#65; &#x41; &#x10FFFF; > b
      <br/><br></br><hr/>a
      <p class = "x" id='y"' style="color:red" title="a&amp;b">a</p>
      <p xmlns="http://www.w3.org/1999/xhtml" align="left">a</p>
      <pre space="x" xml:space="preserve">a</pre>
      <table border="1"> <tr> <td nowrap="nowrap" colspan="2">a</td> </tr> </table>
      <table><caption>a</caption><colgroup><col/></colgroup><col/><tbody><tr><th>b</th></tr></tbody></table>
      <table><tr><td><p>a</p><table><tr><td>b</td></tr></table></td></tr></table>
      <table><!-- c --><tr><td>a</td></tr></table>
      <a href="http://x/?a=b&amp;c=d">a</a><a href="#">a</a><a name="x"/><a href="#x">a</a>
      <a href="mailto:a@b">a</a><a href="Patient/1">a</a><a href="foo:a">a</a><a>a</a>
      <a href="data:text/html;base64,QUJD">a</a><a href="data:,abc">a</a>
      <img src="data:image/png;base64,QUJD"/><img src="http://x" alt="a" width="1"/><img src="cid:x"/>
      <ul> <li>a<ul><li>b</li></ul></li> </ul><ol><li><p>c</p></li></ol>
      <dl><dt>a</dt><dd>b</dd></dl>
      <blockquote cite="x"><p>a</p></blockquote><q cite="x">a</q>
      <h1><p>a</p></h1><span><span>a</span></span><p><h1>a</h1></p>
      <bdo dir="rtl">a</bdo><abbr title="x">a</abbr><acronym>b</acronym><tt>a</tt><big>a</big>
      """;

  private static final String WRONG =
      """
      |a
      |
      |<div>a</div>
      |<div xmlns="http://x">a</div>
      |<div xmlns="http://www.w3.org/1999/xhtml"/>
      |<p xmlns="http://www.w3.org/1999/xhtml">a</p>
      |<div xmlns="http://www.w3.org/1999/xhtml" onclick="x">a</div>
      |<div xmlns="http://www.w3.org/1999/xhtml" foo="x">a</div>
      |<!DOCTYPE div [<!ENTITY x "y">]><div xmlns="http://www.w3.org/1999/xhtml">&x;</div>
      \s
      <p></p>
      <br/>
      <!-- a -->
      &nbsp;
      &copy;a
      &eacute;a
      a & b
      a &foo; b
      a < b
      <p>a</P>
      <P>a</P>
      a</p>
      <b><i>a</b></i>
      < p>a</p>
      <br> </br>a
      <br><!-- x --></br>a
      <!DOCTYPE html>a
      <script>a</script>
      <style>a</style>
      <link rel="stylesheet" href="x"/>a
      <form>a</form>
      <input/>a
      <object>a</object>
      <iframe src="x">a</iframe>
      <head/>a
      <body>a</body>
      <html>a</html>
      <font>a</font>
      <u>a</u>
      <svg/>a
      <base href="x"/>a
      <meta/>a
      <foo>a</foo>
      <p onclick="x">a</p>
      <p ONCLICK="x">a</p>
      <img src="http://x" onerror="x"/>
      <p foo="x">a</p>
      <p href="x">a</p>
      <p cite="x">a</p>
      <p class="a&b">a</p>
      <p class="a&nbsp;b">a</p>
      <p xmlns="http://foo">a</p>
      <x:p xmlns:x="http://foo">a</x:p>
      <p x:y="1">a</p>
      <p data-x="x">a</p>
      <table bgcolor="1"><tr><td>a</td></tr></table>
      <a href="">a</a>
      <a href=" ">a</a>
      <a href="a b">a</a>
      <a href="javascript:alert(1)">a</a>
      <a href=" javascript:alert(1)">a</a>
      <a href="java&#10;script:alert(1)">a</a>
      <a href="&#106;avascript:alert(1)">a</a>
      <a href="vbscript:x">a</a>
      <a href="urn:uuid:x">a</a>
      <a href="cid:x">a</a>
      <a href="http://x/{a}">a</a>
      <a target="_blank" href="x">a</a>
      <a href="data:abc">a</a>
      <a href="data:a/b,b,c">a</a>
      <a href="data:foo,b">a</a>
      <img src="data:image/png;base64,Q"/>
      <img src=""/>
      <img src="a b"/>
      <img>a</img>
      <p><div>a</div></p>
      <p><p>a</p></p>
      <p><b><table><tr><td>a</td></tr></table></b></p>
      <p><blockquote>a</blockquote></p>
      <h1><div>a</div></h1>
      <span><div>a</div></span>
      <b><i><b>a</b></i></b>
      <a href="x"><a href="y">a</a></a>
      <table>a</table>
      <table><p>a</p></table>
      <table><td>a</td></table>
      <tr><td>a</td></tr>
      <td>a</td>
      <caption>a</caption>
      <col/>a
      <ul>a</ul>
      <ul><p>a</p></ul>
      <ul><ul><li>a</li></ul></ul>
      <li>a</li>
      <dl>a</dl>
      <dd>a</dd>
      <dl><dd><ul><li>a</li></ul></dd></dl>
      <map name="m"><p>a</p></map>
      """;

  /** Not well-formed, or active; HAPI's reader mends or overlooks it. */
  private static final String STRICTER =
      """
      |<div xmlns="http://www.w3.org/1999/xhtml">a
      |<div xmlns="http://www.w3.org/1999/xhtml">a</div><div>b</div>
      |<div xmlns="http://www.w3.org/1999/xhtml">a</div>b
      |<!DOCTYPE html><div xmlns="http://www.w3.org/1999/xhtml">a</div>
      |<x:div xmlns:x="http://www.w3.org/1999/xhtml">a</x:div>
      <?xml-stylesheet href="x"?>a
      <?x>a
      a<!-- x -- y -->
      a<!x>
      &#xZZ;a
      &#0;a
      &#xD800;a
      a ]]> b
      <p class=x>a</p>
      <p class>a</p>
      <p class="x" class="y">a</p>
      <p class="x"id="y">a</p>
      <p class="a<b">a</p>
      <a href="JavaScript:alert(1)">a</a>
      <img src="javascript:x"/>
      <map name="m"><area href="javascript:x" alt="a"/></map>a
      """;

  private static final String LAXER =
      """
      <![CDATA[a]]>
      <p>a</p >
      a<!--DOCTYPE-->
      <a href="#elsewhere">a</a>
      <img src="#elsewhere"/>
      """;

  private static Stream<String> divs(String lines) {
    return lines
        .lines()
        .map(line -> line.startsWith("|") ? line.substring(1) : OPEN + line + "</div>");
  }

  static Stream<String> right() {
    return Stream.concat(divs(RIGHT), divs(LAXER));
  }

  static Stream<String> wrong() {
    return Stream.concat(divs(WRONG), divs(STRICTER));
  }

  static Stream<String> asHapi() {
    return Stream.concat(divs(RIGHT), divs(WRONG)).filter(div -> !div.isEmpty());
  }

  static Stream<String> otherThanHapi() {
    return Stream.concat(divs(STRICTER), divs(LAXER));
  }

  private static boolean passesHapi(String div) {
    return Oracle.ofNarrative(Json.MAPPER.writeValueAsString(div)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("right")
  void narratives_pass(String div) {
    assertThat(Narrative.wrong(div)).isNull();
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_is_no_narrative_does_not(String div) {
    assertThat(Narrative.wrong(div)).isNotNull().matches("[A-Z].*\\.");
  }

  @ParameterizedTest
  @MethodSource("asHapi")
  void hapi_says_the_same(String div) {
    assertThat(passesHapi(div)).isEqualTo(Narrative.wrong(div) == null);
  }

  @ParameterizedTest
  @MethodSource("otherThanHapi")
  void hapi_says_otherwise_where_it_is_listed(String div) {
    assertThat(passesHapi(div)).isNotEqualTo(Narrative.wrong(div) == null);
  }

  private static List<String> real() {
    return Records.nodes()
        .filter(node -> node.path("div").isString())
        .map(node -> node.path("div").stringValue())
        .toList();
  }

  @Test
  void real_ones_pass_here_and_there() {
    assertThat(real())
        .hasSizeGreaterThan(5)
        .allSatisfy(
            div -> {
              assertThat(Narrative.wrong(div)).isNull();
              assertThat(passesHapi(div)).isTrue();
            });
  }

  @Test
  void nesting_is_bounded() {
    assertThat(Narrative.wrong(nested(Narrative.DEEPEST - 1))).isNull();
    assertThat(Narrative.wrong(nested(Narrative.DEEPEST))).contains("64");
    assertThat(Narrative.wrong(nested(1_000_000))).contains("64");
  }

  private static String nested(int times) {
    return OPEN + "<div>".repeat(times) + "a" + "</div>".repeat(times) + "</div>";
  }

  @Test
  void what_is_wrong_is_said() {
    assertThat(Narrative.wrong(OPEN + "<script>a</script></div>")).contains("element");
    assertThat(Narrative.wrong(OPEN + "<p onclick=\"a\">a</p></div>")).contains("attribute");
    assertThat(Narrative.wrong(OPEN + "&nbsp;</div>")).contains("entities");
    assertThat(Narrative.wrong(OPEN + "<a href=\"javascript:a\">a</a></div>")).contains("scripts");
    assertThat(Narrative.wrong("<div>a</div>")).contains("namespace");
    assertThat(Narrative.wrong(OPEN + " </div>")).contains("white space");
  }

  @Test
  void whatever_is_cut_or_changed_it_answers() {
    Random random = new Random(7);
    String marks = "<>/&;#x\"'=! -?[]]]:a1 \n\u00e4divp";
    List<String> good = right().toList();
    int stillGood = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder div = new StringBuilder(good.get(random.nextInt(good.size())));
      for (int changes = random.nextInt(4); changes >= 0 && !div.isEmpty(); changes--) {
        int place = random.nextInt(div.length());
        switch (random.nextInt(4)) {
          case 0 -> div.deleteCharAt(place);
          case 1 -> div.insert(place, marks.charAt(random.nextInt(marks.length())));
          case 2 -> div.setCharAt(place, marks.charAt(random.nextInt(marks.length())));
          default -> div.setLength(place);
        }
      }
      String wrong = Narrative.wrong(div.toString());
      stillGood += wrong == null ? 1 : 0;
      assertThat(wrong == null || wrong.endsWith(".")).isTrue();
    }
    assertThat(stillGood).isBetween(1_000, 190_000);
  }

  @Test
  void what_xml_readers_refuse_is_refused() {
    Random random = new Random(11);
    // What stands in an XML declaration is not read.
    List<String> good = right().filter(div -> !div.startsWith("<?xml")).toList();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder div = new StringBuilder(good.get(random.nextInt(good.size())));
      int place = random.nextInt(div.length());
      if (random.nextBoolean()) {
        div.deleteCharAt(place);
      } else {
        div.setCharAt(place, "<>&\"'/ a".charAt(random.nextInt(8)));
      }
      if (Narrative.wrong(div.toString()) == null) {
        assertThat(Xml.isWellFormed(div.toString().strip())).as(div.toString()).isTrue();
      }
    }
  }

  /** A reader of the JDK, kept from fetching anything. */
  private static final class Xml {
    static boolean isWellFormed(String text) {
      var factory = XMLInputFactory.newDefaultFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      try {
        var reader = factory.createXMLStreamReader(new StringReader(text));
        while (reader.hasNext()) {
          reader.next();
        }
        return true;
      } catch (XMLStreamException e) {
        return false;
      }
    }
  }
}
