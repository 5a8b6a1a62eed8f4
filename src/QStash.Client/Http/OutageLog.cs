using Microsoft.Extensions.Logging;
using Polly.Timeout;

namespace QStash.Client;

// Logs that QStash cannot be reached: at once, then once a minute, and once when it answers again. All clients of an application share it,
// so many failed calls do not fill the log.
sealed partial class OutageLog(ILoggerFactory loggers, TimeProvider time)
{
    static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    readonly ILogger _logger = loggers.CreateLogger("QStash.Client");
    readonly Lock _lock = new();
    readonly Dictionary<string, (DateTimeOffset LoggedAt, bool IsOver)> _outages = new(StringComparer.Ordinal);
    volatile int _open;

    public void Failed(Uri url, Exception exception)
    {
        var address = Address(url);
        var now = time.GetUtcNow();

        lock (_lock)
        {
            var isKnown = _outages.TryGetValue(address, out var outage);
            if (isKnown && now - outage.LoggedAt < Period)
                return;

            if (!isKnown || outage.IsOver)
                _open++;
            _outages[address] = (now, IsOver: false);
        }

        var reason = (exception is TimeoutRejectedException ? exception : exception.GetBaseException()).Message.TrimEnd('.');
        Unreachable(_logger, address, reason, Remedy(url, address, exception));
    }

    // The time of a past outage is kept, so that an address that fails now and then is not logged each time.
    public void Answered(Uri url)
    {
        if (_open == 0)
            return;

        var address = Address(url);
        lock (_lock)
        {
            if (!_outages.TryGetValue(address, out var outage) || outage.IsOver)
                return;

            _outages[address] = outage with { IsOver = true };
            _open--;
        }

        Reachable(_logger, address);
    }

    static string Address(Uri url) => url.GetLeftPart(UriPartial.Authority);

    static string Remedy(Uri url, string address, Exception exception)
    {
        if (exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
            return $"Does the server speak https, and does this machine trust its certificate? Check {QStashSettings.UrlVariable}";

        // Only the emulator uses http.
        return url.IsLoopback || url.Scheme == Uri.UriSchemeHttp
            ? $"Is the emulator running at {address}? Start it with qstash-emulator, or set {QStashSettings.UrlVariable} to its address"
            : $"Check {QStashSettings.UrlVariable}, and whether this machine may reach the address: name resolution, proxy, firewall";
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "QStash at {Address} does not answer: {Reason}. {Remedy}")]
    static partial void Unreachable(ILogger logger, string address, string reason, string remedy);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "QStash at {Address} answers again")]
    static partial void Reachable(ILogger logger, string address);
}
