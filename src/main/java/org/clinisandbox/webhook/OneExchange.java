package org.clinisandbox.webhook;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * An HTTP client for one request that can reach the vetted addresses and nothing else. The
 * library's own limits hold for the answer's head: 100 header lines of 8 KiB.
 */
final class OneExchange {
  /** For each address; the sender's cut-off limits the whole. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private OneExchange() {}

  static CloseableHttpClient client(List<InetAddress> vetted, SSLContext trust) {
    var tls =
        RegistryBuilder.<TlsSocketStrategy>create()
            .register("https", new DefaultClientTlsStrategy(trust))
            .build();
    var operator =
        new DefaultHttpClientConnectionOperator(
            // Not even a proxy named in the JVM's properties: it would dial for itself.
            _ -> new Socket(Proxy.NO_PROXY),
            DefaultSchemePortResolver.INSTANCE,
            new VettedOnly(vetted),
            tls);
    var connections =
        new BasicHttpClientConnectionManager(operator, ManagedHttpClientConnectionFactory.INSTANCE);
    connections.setConnectionConfig(
        ConnectionConfig.custom().setConnectTimeout(Timeout.of(CONNECT)).build());
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setUserAgent("CliniSandbox")
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableContentCompression()
        .disableAutomaticRetries()
        .build();
  }

  /** Whatever name is asked for, these are its addresses. */
  private record VettedOnly(List<InetAddress> vetted) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) {
      return vetted.toArray(InetAddress[]::new);
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) {
      return vetted.stream().map(address -> new InetSocketAddress(address, port)).toList();
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
