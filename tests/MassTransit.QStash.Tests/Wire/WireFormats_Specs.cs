using System.Text;
using MassTransit.Context;
using MassTransit.QStash.Tests.Support;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using Microsoft.AspNetCore.Http;
using QStash.Client;

namespace MassTransit.QStash.Tests.Wire;

/// <summary>
/// What is kept at customers' accounts and in their databases, letter by letter. A test that fails here tells that a service of the
/// new version would misunderstand what one of the old version has left, or the other way round.
/// </summary>
public sealed class The_form_of
{
    static readonly Guid Id = new("11111111-2222-3333-4444-555555555555");
    static readonly DateTimeOffset Morning = new(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Evening = new(2026, 1, 31, 20, 30, 0, TimeSpan.Zero);

    static readonly Dictionary<string, Func<IEnumerable<string>>> Formats = new()
    {
        ["account-proofs"] = AccountProofs,
        ["callback-headers"] = () =>
            [CallbackHeaders.Kind, CallbackHeaders.Attempt, CallbackHeaders.Failure, CallbackHeaders.Source, CallbackHeaders.Proof],
        ["dead-letter-reasons"] = Reasons,
        ["deduplication-ids"] = DeduplicationIds,
        ["delivery-terms"] = DeliveryTermHeaders,
        ["envelope-facts"] = Facts,
        ["member-names"] = MemberNames,
        ["message-ids"] = () =>
        [
            MessageIdOf.Message("msg_26hZCxZCuWyyTWPmSVBrNCtiJGNsULmt").ToString(),
            MessageIdOf.Report("msg_1", 3, null).ToString(),
            MessageIdOf.Report("msg_1", 3, "1725323658779-0").ToString(),
            MessageIdOf.Fault("msg_1", 3, "1725323658779-0").ToString(),
        ],
        ["queue-names"] = () => [OrderedQueues.Default.NameFor("customer-1"), new OrderedQueues(100, "orders").NameFor("Grüße")],
        ["schedule-ids"] = () =>
        [
            RecurringScheduleId.Create("orders", "daily-report"),
            RecurringScheduleId.Create("orders:shop", "tägliche_Liste"),
            RecurringScheduleId.Create(null, "daily"),
            RecurringScheduleId.ForUrlGroup(RecurringScheduleId.Create("orders", "daily-report"), "Shop.Order_Placed"),
        ],
        ["schedule-labels"] = Labels,
        ["spent-tokens"] = () => [SpentToken.Key("jwt_67kxXD6UBAk7DqU6hzuHMDdXFXfP"), Convert.ToHexString(SpentToken.Value)],
        ["stored-sends"] = StoredSends,
        ["transport-headers"] = Headers,
        ["url-group-names"] = () =>
        [
            UrlGroupName.Endpoints,
            UrlGroupName.Formatter.FormatEntityName<OrderSubmitted>(),
            UrlGroupName.Formatter.FormatEntityName<Fault<OrderSubmitted>>(),
            UrlGroupName.Formatter.FormatEntityName<Nested.Message>(),
            UrlGroupName.Formatter.FormatEntityName<Nested.Envelope<OrderSubmitted[]>>(),
            UrlGroupName.Checked(new string('a', 200)),
        ],
    };

    public static TheoryData<string> Names => [.. Formats.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_as_it_was(string format)
    {
        var now = string.Join('\n', Formats[format]()) + "\n";
        var path = Path.Combine(AppContext.BaseDirectory, "golden", $"{format}.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, now);

        Assert.True(now == Golden(format),
            $"The form of {format} has changed. docs/wire.md says what that means to services in operation and what to do. It is now ({path}):\n{now}");
    }

    [Fact]
    public void Is_explained_in_the_docs()
    {
        var page = Repository.Read("docs/wire.md");

        Assert.All(Formats.Keys, format => Assert.Contains($"Golden/{format}.txt", page, StringComparison.Ordinal));
        Assert.Equal(Formats.Keys.Order(), Directory.GetFiles(Path.Combine(Repository.Root, GoldenFolder)).Select(Path.GetFileNameWithoutExtension).Order());
    }

    [Fact]
    public void Is_read_as_it_was_written()
    {
        Assert.Equal("orders cache.Kq2_x91Z until 1769889600 topics Zx3-a9Qk", MemberName.Parse("orders cache.Kq2_x91Z until 1769889600 topics Zx3-a9Qk")!.ToString());
        Assert.Equal("orders cache until 1769889600 program Kq2_x91Z topics Zx3-a9Qk", MemberName.Parse("orders cache until 1769889600 program Kq2_x91Z topics Zx3-a9Qk")!.ToString());
        Assert.Equal(5000, ProgramMark.ReadPort(ProgramMark.ToLabel(Program, 5000), Program));
        Assert.Null(ProgramMark.ReadPort(ProgramMark.ToLabel(Program, 5000), "Kq2_x91Z"));
        Assert.Null(MemberName.Parse("orders cache newer facts"));

        var properties = new Dictionary<string, object>();
        Everything.WriteTo(properties);
        var stored = StoredSend.ReadFrom(properties);
        Assert.Equal(Everything with { Delivery = null, UrlGroups = [] }, stored with { Delivery = null, UrlGroups = [] });
        Assert.Equal(Everything.UrlGroups, stored.UrlGroups);
        Assert.Equal(StoredSend.Write(Everything.Delivery!), StoredSend.Write(stored.Delivery!));

        properties["QStash-Version"] = "2";
        Assert.Contains("form 2", Assert.Throws<NotSupportedException>(() => StoredSend.ReadFrom(properties)).Message, StringComparison.Ordinal);
    }

    const string GoldenFolder = "tests/MassTransit.QStash.Tests/Wire/Golden";

    static string Golden(string format)
    {
        var path = Path.Combine(Repository.Root, GoldenFolder, $"{format}.txt");

        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    static StoredSend Everything => new()
    {
        Delivery = new QStashMessageSettings
        {
            Method = HttpMethod.Put,
            Retries = 5,
            Timeout = TimeSpan.FromSeconds(90),
            Delay = TimeSpan.FromMinutes(2),
            RetryDelay = QStashRetryDelay.Fixed(TimeSpan.FromSeconds(1)),
            Callback = new("https://orders.example.com/qstash/reports") { Retries = 2 },
            FlowControl = new QStashFlowControlSettings { Key = "mail", Rate = 10, Period = TimeSpan.FromSeconds(5), Parallelism = 2 },
            ForwardHeaders = { ["X-Tenant"] = "7" },
            Labels = { "big" },
        },
        UrlGroups = ["Shop.Order", "Shop.Event"],
        Deduplication = nameof(QStashDeduplication.Content),
        DeduplicationId = "order-7",
        Cause = "11111111222233334444555555555555-0",
        FifoQueue = "ordered-3",
        PlainJson = true,
        PartitionKey = "customer-1",
        TokenId = Id,
        NotBefore = Morning,
        ScheduleId = "orders_.daily",
        Cron = "0 8 * * *",
        StartTime = Morning,
        EndTime = Evening,
    };

    static IEnumerable<string> AccountProofs()
    {
        var proof = new AccountProof(["sig_current", "sig_next", "token"], []);
        yield return AccountProof.HeaderName;

        foreach (var purpose in (string[])[AccountProof.Answer, AccountProof.Headers, AccountProof.Source])
        {
            var text = proof.Create(purpose, "text", "body"u8, "https://orders.example.com/qstash/orders");
            Assert.True(new AccountProof(["other", "token", "another"], []).IsValid(text, purpose, "text", "body"u8, "https://orders.example.com/qstash/orders"));

            yield return $"{purpose}: {text}";
        }
    }

    static IEnumerable<string> Reasons()
    {
        var all = new QStashDeadLetterReason("fault")
        {
            ExceptionType = "System.InvalidOperationException",
            Message = "No such order: \"7\"",
            MessageType = "Shop.Order",
            ConsumerType = "Shop.OrderConsumer",
        };

        return new[] { all, new QStashDeadLetterReason("expired") }.Select(reason => Encoding.UTF8.GetString(ReasonText.Write(reason)))
            .Append($"{ReasonText.NonRetryableStatus} {ReasonText.NonRetryableHeader}");
    }

    static IEnumerable<string> DeduplicationIds() =>
    [
        DeduplicationId.Create(Id, null, "https://orders.example.com/qstash/orders", ["urn:message:Shop:Order"], 0, null),
        DeduplicationId.Create(Id, null, "Shop.Order", ["urn:message:Shop:Order", "urn:message:Shop:Event"], 2, DeduplicationId.Cause("a", 1)),
        DeduplicationId.Create(Id, "Bestellung 7: große Kiste", "Shop.Order", [], 0, DeduplicationId.CauseOfCopy("a-1", "content", 2)),
        DeduplicationId.OfContent(new { Number = 7, Text = "seven" }),
        DeduplicationId.Cause(Id.ToString("N"), 3),
        DeduplicationId.CauseOfCopy("cause", "content", 2),
    ];

    static IEnumerable<string> DeliveryTermHeaders()
    {
        var headers = new Dictionary<string, string>();
        DeliveryTerms.Add(headers, 7, TimeSpan.FromSeconds(90.5));

        Assert.Equal(7, DeliveryTerms.ReadMaxRetries(headers[DeliveryTerms.Retries]));
        Assert.Equal(TimeSpan.FromSeconds(91), DeliveryTerms.ReadTimeout(headers[DeliveryTerms.Timeout]));

        return headers.Select(x => $"{x.Key}: {x.Value}");
    }

    static IEnumerable<string> Facts()
    {
        var schedule = new MessageSchedule("orders_.daily", "orders", Morning, Evening);
        var values = new Dictionary<string, object?>();
        var headers = new DictionarySendHeaders(values);
        EnvelopeFacts.WriteHop(headers, 2);
        EnvelopeFacts.WriteSchedule(headers, schedule);

        Assert.Equal(2, EnvelopeFacts.ReadHop(headers));
        Assert.Equal(schedule, EnvelopeFacts.ReadSchedule(headers));

        return values.Select(x => $"{x.Key}: {x.Value}");
    }

    static string Program => ProgramMark.Create("/home/me/orders\nOrders", ["Orders.dll", "--urls", "http://localhost:5000"], "");

    static IEnumerable<string> MemberNames() =>
    [
        new MemberName(MemberName.Encode("orders"), "submit-order").ToString(),
        new MemberName(MemberName.Encode("orders.example.com/qstash:second_2F"), "submit-order").ToString(),
        new MemberName("orders", $"cache.{TextHash.Short("https://orders.example.com/qstash/cache")}")
        {
            Until = Evening,
            TopicKeys = [TextHash.Short("Shop.Order"), TextHash.Short("Shop.Event")],
        }.ToString(),
        new MemberName(MemberName.Encode("localhost:5000/qstash"), "submit-order") { Program = Program }.ToString(),
    ];

    static IEnumerable<string> Labels()
    {
        var message = new OrderSubmitted("7");
        var context = new MessageSendContext<OrderSubmitted>(message)
        {
            CorrelationId = Id,
            ResponseAddress = new Uri("https://orders.example.com/qstash/answers"),
        };
        context.Headers.Set("Tenant", "7");

        return
        [
            ScheduleToken.ToLabel(Id),
            ProgramMark.ToLabel(Program, 5000),
            new MessageSchedule("orders_.daily", "orders", Morning, Evening).Label!,
            ScheduleFingerprint.Create(context, message, StoredSend.Write(Everything.Delivery!), "ordered-3", Morning, Evening),
        ];
    }

    static IEnumerable<string> StoredSends()
    {
        var properties = new Dictionary<string, object>();
        Everything.WriteTo(properties);

        return properties.Select(x => $"{x.Key}: {x.Value}");
    }

    static IEnumerable<string> Headers()
    {
        var headers = new Dictionary<string, object> { ["MessageId"] = Id.ToString(), ["Tenant"] = "Grüße \"7\"" };
        TransportHeaders.SetExpirationTime(headers, Evening);
        var text = TransportHeaders.Write(headers);

        Assert.Equal(Evening, TransportHeaders.GetExpirationTime(TransportHeaders.Decode(text)!));

        return [$"{TransportHeaders.HeaderName}: {text}"];
    }

    static class Nested
    {
        public sealed record Message;

        public sealed record Envelope<T>(T Content);
    }
}
