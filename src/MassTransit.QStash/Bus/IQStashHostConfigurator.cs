using QStash.Client;

namespace MassTransit;

/// <summary>
/// Configures the connection to QStash.
/// </summary>
/// <remarks>
/// Every setting is in the configuration section <c>QStash</c> too (see <see cref="QStashTransportOptions"/>); code wins. The official
/// variables <c>QSTASH_URL</c>, <c>QSTASH_TOKEN</c>, <c>QSTASH_CURRENT_SIGNING_KEY</c> and <c>QSTASH_NEXT_SIGNING_KEY</c> are
/// read when neither has the value, and with <c>QSTASH_REGION</c> those of a region (see <see cref="QStashSettings"/>). Keep secrets
/// out of source code.
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
    /// The two signing keys, both required: after a rotation QStash signs with what was the next key.
    /// </summary>
    void SigningKeys(string currentKey, string nextKey);

    /// <summary>
    /// The signing keys of one region of QStash, for deliveries that say they come from it; those from elsewhere are checked with
    /// <see cref="SigningKeys"/>. Needed while messages of two regions arrive, as during a move from one to the other: published
    /// is only to the region of <see cref="Url"/> and <see cref="Token"/>. Default: none.
    /// </summary>
    /// <param name="region">One of <see cref="QStashRegion"/>.</param>
    /// <param name="currentKey">The key the region signs with.</param>
    /// <param name="nextKey">The key it will sign with after a rotation.</param>
    /// <exception cref="ArgumentException">QStash has no such region.</exception>
    void RegionSigningKeys(string region, string currentKey, string nextKey);

    /// <summary>
    /// The public address that leads to this very process, where the base address
    /// (<see cref="IQStashBusFactoryConfigurator.Host(Uri, Action{IQStashHostConfigurator})"/>) leads to any replica of the service.
    /// Temporary endpoints use it, among them the one that gets the responses to requests. Same rules as for the base address.
    /// Default: the base address, which is right for a service with one replica.
    /// </summary>
    void InstanceBaseAddress(Uri baseAddress);

    /// <summary>
    /// Says that several processes answer at the base address, which none of them can tell by itself. What needs an address that
    /// leads to this one then fails where <see cref="InstanceBaseAddress"/> is not set: a temporary endpoint when the bus is built, a
    /// request when it is sent, with a <see cref="ConfigurationException"/> within MassTransit's <see cref="RequestException"/>.
    /// Default: unknown, and the first request logs a warning.
    /// </summary>
    void HasReplicas();

    /// <summary>
    /// The path below the base address under which <c>MapQStash</c> receives deliveries. Default: <c>qstash</c>.
    /// </summary>
    void PathPrefix(string pathPrefix);

    /// <summary>
    /// The largest body of a message, in bytes. A larger one is not sent, and fails with an error that says so; one that
    /// arrives is answered with 413. Default: 10 MiB, what pay-as-you-go allows; the Free plan allows 1 MB.
    /// </summary>
    void MaxBodySize(int bytes);

    /// <summary>
    /// Refuses a request whose token (its <c>jti</c>) came before, with 401: somebody replays deliveries, or a proxy repeats
    /// requests. Tokens are remembered in the application's <c>IDistributedCache</c> for as long as they count, which all
    /// replicas must share; while it fails, deliveries are put off with 503. Default: off, so a captured request counts until its
    /// token expires, 5 minutes after it was signed.
    /// </summary>
    /// <remarks>
    /// Retries of QStash pass: each attempt has a token of its own. Consumers must be idempotent all the same, as QStash delivers at
    /// least once.
    /// </remarks>
    void UseReplayGuard();

    /// <summary>
    /// The name of this service, which marks its members of URL groups: letters, digits, '.', '_' and '-', and no other service of
    /// the account may have the same. With it a service that moves to another URL takes its subscriptions along. Replicas, and
    /// versions that follow each other, share it. Default: none, then the base address marks them.
    /// </summary>
    void ServiceName(string name);

    /// <summary>
    /// Whether endpoints become members of their URL groups when the bus starts. Without, starting needs no call to QStash at
    /// all, which makes a cold start faster; a step of the deployment has to run the service with
    /// <c>cfg.DeployTopologyOnly = true</c>. Default: true.
    /// </summary>
    void DeployTopology(bool deploy);

    /// <summary>
    /// Keeps all subscriptions in one URL group, the directory, in place of a group for each message type: for plans with few
    /// groups (the Free plan has one). Who publishes reads it and sends to the URLs of the subscribers. All services that publish
    /// to each other have to use the same directory. What it costs: who joins or leaves is seen only when the cache is read anew.
    /// </summary>
    /// <param name="urlGroup">The name of the group: letters, digits, '.', '_' and '-'.</param>
    /// <param name="cacheDuration">
    /// For how long a publisher relies on what it has read, so how long it may take until it notices a new subscriber. Default:
    /// 30 seconds. Zero reads it at each publish.
    /// </param>
    void UseDirectory(string urlGroup = "masstransit", TimeSpan? cacheDuration = null);

    /// <summary>
    /// The longest delay the QStash plan allows: 7 days on the free plan, a year with pay-as-you-go. A message
    /// that is due later fails before it is sent. Default: none, and QStash says so.
    /// </summary>
    void MaxDelay(TimeSpan limit);

    /// <summary>
    /// Tells where <c>queue:{endpointName}</c> leads, unless an endpoint of this bus has the name. An endpoint without a route is
    /// looked for among the members of the account's URL groups, so a route is needed for one that joins none, or whose name
    /// several services have.
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
    /// By how much the clock of this service may differ from that of QStash, in both directions: from zero to 5 minutes, since a token
    /// lives for 5 minutes. Deliveries are refused beyond. Default: 5 seconds. It also adds to the time for which a captured request can
    /// be sent again.
    /// </summary>
    void ClockTolerance(TimeSpan tolerance);

    /// <summary>
    /// How long a send may wait for the end of a rate limit, from zero to one day. It goes on at the time QStash names; when that
    /// is further away, it fails at once with a <see cref="QStashDailyLimitException"/> that tells it. Default: 5 seconds.
    /// </summary>
    void MaxRateLimitWait(TimeSpan wait);

    /// <summary>
    /// Whether sends that wait at the same time travel together in one request. A lone send never waits for others, and each gets
    /// its own result. Default: true.
    /// </summary>
    void CoalesceSends(bool coalesce);

    /// <summary>
    /// Uses a local emulator in place of QStash, with the public token and keys that the development servers of QStash share.
    /// Deliveries to http, loopback and private addresses are allowed then. The configuration can say so too, as
    /// <c>QStash:UseEmulator</c>, but only in the environment <c>Development</c>.
    /// </summary>
    /// <param name="url">
    /// The address of the emulator. Default: the configured one (<c>QSTASH_URL</c>) if it is plain http, else
    /// <c>http://127.0.0.1:8080</c>.
    /// </param>
    void UseEmulator(Uri? url = null);
}
