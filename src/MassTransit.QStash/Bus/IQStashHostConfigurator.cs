using QStash.Client;

namespace MassTransit;

/// <summary>
/// Configures the connection to QStash.
/// </summary>
/// <remarks>
/// Every setting can also be in the configuration section <c>QStash</c> (see <see cref="QStashTransportOptions"/>); code wins. If neither
/// has a value, the official variables <c>QSTASH_URL</c>, <c>QSTASH_TOKEN</c>, <c>QSTASH_CURRENT_SIGNING_KEY</c> and
/// <c>QSTASH_NEXT_SIGNING_KEY</c> are read; if <c>QSTASH_REGION</c> is set, the variables of that region (see
/// <see cref="QStashSettings"/>). Keep secrets out of source code.
/// </remarks>
public interface IQStashHostConfigurator
{
    /// <summary>
    /// The QStash API. Default: <c>https://qstash.upstash.io</c>, the EU region.
    /// </summary>
    void Url(Uri url);

    /// <summary>
    /// The QStash token, required.
    /// </summary>
    void Token(string token);

    /// <summary>
    /// The two signing keys. Both are required, because after a rotation QStash signs with the key that was the next one.
    /// </summary>
    void SigningKeys(string currentKey, string nextKey);

    /// <summary>
    /// The signing keys of one region of QStash, for deliveries that say they come from it. Other deliveries are checked with
    /// <see cref="SigningKeys"/>. Needed while messages of two regions arrive, as during a move from one to the other. The bus publishes
    /// only to the region of <see cref="Url"/> and <see cref="Token"/>. Default: none.
    /// </summary>
    /// <param name="region">One of <see cref="QStashRegion"/>.</param>
    /// <param name="currentKey">The key the region signs with.</param>
    /// <param name="nextKey">The key it will sign with after a rotation.</param>
    /// <exception cref="ArgumentException">QStash has no such region.</exception>
    void RegionSigningKeys(string region, string currentKey, string nextKey);

    /// <summary>
    /// The public address that leads to this very process, where the base address
    /// (<see cref="IQStashBusFactoryConfigurator.Host(Uri, Action{IQStashHostConfigurator})"/>) leads to any replica of the service.
    /// Temporary endpoints use it, among them the one that gets the responses to requests. Same rules as for the base address. Default: the
    /// base address, which is right for a service with one replica.
    /// </summary>
    void InstanceBaseAddress(Uri baseAddress);

    /// <summary>
    /// Says that several processes answer at the base address; no process can find that out by itself. Then a feature that needs an address
    /// of this one process fails unless <see cref="InstanceBaseAddress"/> is set: a temporary endpoint when the bus is built; a request
    /// when it is sent, with a <see cref="ConfigurationException"/> inside MassTransit's <see cref="RequestException"/>. Default: unknown,
    /// and the first request logs a warning.
    /// </summary>
    void HasReplicas();

    /// <summary>
    /// The path below the base address under which <c>MapQStash</c> receives deliveries. Default: <c>qstash</c>.
    /// </summary>
    void PathPrefix(string pathPrefix);

    /// <summary>
    /// The largest body of a message, in bytes. Sending a larger one fails with an error that says so; a larger one that arrives is
    /// answered with 413. Default: 10 MiB, the limit of pay-as-you-go; the Free plan allows 1 MB.
    /// </summary>
    void MaxBodySize(int bytes);

    /// <summary>
    /// Refuses a request with 401 if its token (the <c>jti</c>) came before: somebody replays deliveries, or a proxy repeats requests. The
    /// application's <c>IDistributedCache</c> keeps the tokens until they expire; all replicas must share it. While the cache fails,
    /// deliveries are answered with 503 and come again later. Default: off; then a captured request is accepted until its token expires, 5
    /// minutes after it was signed.
    /// </summary>
    /// <remarks>
    /// Retries by QStash are not refused, because each attempt has its own token. Consumers must still be idempotent, because QStash
    /// delivers at least once.
    /// </remarks>
    void UseReplayGuard();

    /// <summary>
    /// The name of this service, which marks its members of URL groups: letters, digits, '.', '_' and '-'. No other service of the account
    /// may have the same name. A service with a name keeps its subscriptions when it moves to another URL. All replicas and all versions of
    /// the service use the same name. Default: none; then the base address marks the members.
    /// </summary>
    void ServiceName(string name);

    /// <summary>
    /// Whether endpoints become members of their URL groups when the bus starts. If false, the start makes no call to QStash, so a cold
    /// start is faster; then a step of the deployment has to run the service with <c>cfg.DeployTopologyOnly = true</c>. Default: true.
    /// </summary>
    void DeployTopology(bool deploy);

    /// <summary>
    /// Keeps all subscriptions in one URL group, the directory, instead of one group for each message type. It is for plans with few groups
    /// (the Free plan has one). A publisher reads the directory and sends to the URLs of the subscribers. All services that publish to each
    /// other have to use the same directory. The cost: a publisher sees that a subscriber joined or left only when it reads the directory
    /// again.
    /// </summary>
    /// <param name="urlGroup">The name of the group: letters, digits, '.', '_' and '-'.</param>
    /// <param name="cacheDuration">
    /// How long a publisher uses what it has read, and so how long it may take to notice a new subscriber. Default: 30 seconds. With zero
    /// it reads the directory at each publish.
    /// </param>
    void UseDirectory(string urlGroup = "masstransit", TimeSpan? cacheDuration = null);

    /// <summary>
    /// The longest delay that the QStash plan allows: 7 days on the Free plan, a year with pay-as-you-go. Sending a message that is due
    /// later fails before QStash is called. Default: none; then QStash refuses the message.
    /// </summary>
    void MaxDelay(TimeSpan limit);

    /// <summary>
    /// Sets where <c>queue:{endpointName}</c> leads, unless an endpoint of this bus has the name. An endpoint without a route is looked up
    /// among the members of the account's URL groups. So a route is needed for an endpoint that joins no group, or whose name several
    /// services use.
    /// </summary>
    /// <param name="endpointName">The name of the receive endpoint.</param>
    /// <param name="address">Its public URL, for example <c>https://billing.example.com/qstash/charge-card</c>.</param>
    void Route(string endpointName, Uri address);

    /// <summary>
    /// How QStash delivers what this bus sends: retries, timeout, callbacks, labels, flow control and so on. The settings of a message
    /// type (<see cref="QStashSendTopologyExtensions"/>, <see cref="QStashPublishTopologyExtensions"/>) and of a single send
    /// (<see cref="QStashSendContextExtensions"/>) win over these. Default: QStash's own.
    /// </summary>
    void Delivery(Action<QStashDeliverySettings> configure);

    /// <summary>
    /// By how much the clock of this service may differ from the clock of QStash, in both directions: from zero to 5 minutes, which is how
    /// long a token is valid. With a larger difference deliveries are refused. The tolerance also lengthens the time in which a captured
    /// request can be replayed. Default: 5 seconds.
    /// </summary>
    void ClockTolerance(TimeSpan tolerance);

    /// <summary>
    /// How long a send may wait for the end of a rate limit, from zero to one day. The send continues at the time that QStash names. If
    /// that time is further away, the send fails at once with a <see cref="QStashDailyLimitException"/> that tells the time. Default: 5
    /// seconds.
    /// </summary>
    void MaxRateLimitWait(TimeSpan wait);

    /// <summary>
    /// Whether sends that wait at the same time share one request. A single send never waits for others, and each send gets its own result.
    /// Default: true.
    /// </summary>
    void CoalesceSends(bool coalesce);

    /// <summary>
    /// Uses a local emulator in place of QStash, with the public token and keys that the development servers of QStash share. Then
    /// deliveries to http, loopback and private addresses are allowed. <c>QStash:UseEmulator</c> in the configuration does the same, but
    /// only in the environment <c>Development</c>.
    /// </summary>
    /// <param name="url">
    /// The address of the emulator. Default: the configured one (<c>QSTASH_URL</c>) if it is plain http, else
    /// <c>http://127.0.0.1:8080</c>.
    /// </param>
    void UseEmulator(Uri? url = null);
}
