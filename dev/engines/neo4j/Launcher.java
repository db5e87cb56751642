import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseInternalSettings;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.BoltConnectorInternalSettings;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.QueryExecutionException;

/**
 * Runs Neo4j Community in this JVM. Arguments: the data folder, the Bolt port, and optionally "rehearse", which starts
 * and ends at once so that the JVM can archive the classes it loaded. The password comes by NEO4J_PASSWORD.
 */
public final class Launcher {
  private Launcher() {}

  public static void main(String[] arguments) throws InterruptedException {
    DatabaseManagementService engine =
        new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
            .setConfig(BoltConnector.enabled, true)
            .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(arguments[1])))
            .setConfig(HttpConnector.enabled, false)
            // Nobody is left to be waited for when this machine's API and workers have been stopped.
            .setConfig(GraphDatabaseInternalSettings.netty_server_shutdown_quiet_period, 0)
            .setConfig(GraphDatabaseInternalSettings.netty_server_shutdown_timeout, Duration.ofSeconds(1))
            .setConfig(BoltConnectorInternalSettings.thread_pool_shutdown_wait_time, Duration.ofSeconds(1))
            .setConfig(GraphDatabaseSettings.auth_enabled, true)
            .setConfig(GraphDatabaseSettings.udc_enabled, false)
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(engine::shutdown));
    try {
      setPassword(engine, System.getenv("NEO4J_PASSWORD"));
    } catch (RuntimeException fault) {
      System.err.println(fault.getMessage());
      System.exit(1);
    }
    System.out.println("ready");
    if (arguments.length > 2 && arguments[2].equals("rehearse")) {
      System.exit(0);
    }
    Thread.currentThread().join();
  }

  /** The password in the data folder may be older than the one we were given; setting the same again is refused. */
  private static void setPassword(DatabaseManagementService engine, String password) {
    try {
      engine
          .database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME)
          .executeTransactionally(
              "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", password));
    } catch (QueryExecutionException refusal) {
      if (!refusal.getMessage().contains("cannot be the same")) {
        throw refusal;
      }
    }
  }
}
