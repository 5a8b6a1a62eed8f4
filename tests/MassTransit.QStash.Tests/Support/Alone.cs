namespace MassTransit.QStash.Tests.Support;

/// <summary>For tests that load the machine or measure it: no other test runs meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
