using System.Reflection;
using System.Runtime.CompilerServices;

namespace MassTransit.QStash.RabbitMq.Tests;

/// <summary>
/// MassTransit's transports share the namespace <c>MassTransit</c> with ours: an extension method of the same name makes a call
/// ambiguous in a project that uses two of them.
/// </summary>
public class Our_extension_methods
{
    // Of MassTransit.RabbitMQ, which is here, the compiler knows. These are the names of the transports and riders whose packages are
    // not, as their source of 8.5 has them: those that extend what a project on QStash has too.
    static readonly string[] NamesOfOthers =
    [
        "AddPublishMessageTypes", "AddPublishMessageTypesFromNamespaceContaining", "AddSqlMessageScheduler",
        "ConfigureDeadLetterQueueDeadLetterTransport",
        "ConfigureDeadLetterQueueErrorTransport", "Defer", "GetKey", "GetProducer", "HandleConsumer", "LogResult", "Offset", "OffsetString",
        "Partition", "Produce", "ReceiveEndpoint", "ReplyToSessionId", "SequenceNumber", "SessionId", "SetDeduplicationId", "SetDelay",
        "SetGroupId", "SetLabel", "SetPriority", "SetReplyTo", "SetReplyToSessionId", "SetScheduledEnqueueTime", "SetSessionId",
        "SetAwaitAck", "SetStreamFilterValue", "SetPartitionKey", "SetRoutingKey", "TrySetAwaitAck", "TrySetDeduplicationId", "TrySetDelay",
        "TrySetGroupId", "TrySetPriority", "TrySetStreamFilterValue", "UseDefaultHost", "UseDelayedMessageScheduler",
        "UsePartitionKeyFormatter",
        "UseRoutingKeyFormatter", "UseSessionIdFormatter", "UseJsonSerializer", "UseRawJsonSerializer",
    ];

    static readonly string[] Ours =
    [
        .. typeof(QStashSendContextExtensions).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.IsDefined(typeof(ExtensionAttribute)))
            .Select(method => method.Name)
            .Distinct(),
    ];

    [Fact]
    public void Are_named_as_those_of_no_other_transport() => Assert.Empty(Ours.Intersect(NamesOfOthers));

    [Fact]
    public void Are_all_called_where_another_transport_is_in_scope()
    {
        var calls = Repository.Read("tests/MassTransit.QStash.RabbitMq.Tests/EveryExtension.cs");

        Assert.NotEmpty(Ours);
        Assert.All(Ours, name => Assert.Contains($".{name}(", calls, StringComparison.Ordinal));
    }
}
