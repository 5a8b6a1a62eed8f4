using QStash.Emulator;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// QStash in an Aspire application: an emulator while it runs on the developer's machine, and the account in the parameters when it is
/// deployed.
/// </summary>
public sealed class QStashResource : Resource, IResourceWithConnectionString, IResourceWithWaitSupport
{
    readonly TaskCompletionSource<QStashEmulator> _emulator = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The emulator.</summary>
    internal QStashResource(string name)
        : base(name)
    {
        ConnectionStringExpression = OfEmulator("url", static emulator => emulator.Url.GetLeftPart(UriPartial.Authority));
        Token = OfEmulator("token", static emulator => emulator.DefaultUser.Token);
        CurrentSigningKey = OfEmulator("current-signing-key", static emulator => emulator.DefaultUser.CurrentSigningKey);
        NextSigningKey = OfEmulator("next-signing-key", static emulator => emulator.DefaultUser.NextSigningKey);
    }

    /// <summary>An account.</summary>
    internal QStashResource(
        string name, ParameterResource url, ParameterResource token, ParameterResource currentSigningKey, ParameterResource nextSigningKey)
        : base(name)
    {
        ConnectionStringExpression = ReferenceExpression.Create($"{url}");
        Token = ReferenceExpression.Create($"{token}");
        CurrentSigningKey = ReferenceExpression.Create($"{currentSigningKey}");
        NextSigningKey = ReferenceExpression.Create($"{nextSigningKey}");
    }

    /// <summary>The address of the API: <c>QSTASH_URL</c>.</summary>
    public ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The token of the account: <c>QSTASH_TOKEN</c>. That of the emulator is public.</summary>
    public ReferenceExpression Token { get; }

    /// <summary>The key that deliveries are signed with: <c>QSTASH_CURRENT_SIGNING_KEY</c>.</summary>
    public ReferenceExpression CurrentSigningKey { get; }

    /// <summary>The key that deliveries are signed with after the next rotation: <c>QSTASH_NEXT_SIGNING_KEY</c>.</summary>
    public ReferenceExpression NextSigningKey { get; }

    /// <summary>The emulator once it runs; <see langword="null"/> before that, and when the application is published.</summary>
    public QStashEmulator? Emulator => _emulator.Task.IsCompletedSuccessfully ? _emulator.Task.Result : null;

    /// <summary>The port of the emulator; 0 takes a free one.</summary>
    internal int Port { get; init; }

    /// <summary>The file of the emulator's data; without a file the data are lost when it stops.</summary>
    internal string? DataPath { get; set; }

    internal void Started(QStashEmulator emulator) => _emulator.TrySetResult(emulator);

    internal void Failed(Exception exception) => _emulator.TrySetException(exception);

    ReferenceExpression OfEmulator(string value, Func<QStashEmulator, string> read)
    {
        var provider = new EmulatorValue(_emulator.Task, $"{{{Name}.{value}}}", read);
        return ReferenceExpression.Create($"{provider}");
    }

    /// <summary>A value that is known once the emulator runs. Reading it earlier waits.</summary>
    sealed class EmulatorValue(Task<QStashEmulator> emulator, string expression, Func<QStashEmulator, string> read)
        : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => expression;

        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
            read(await emulator.WaitAsync(cancellationToken).ConfigureAwait(false));
    }
}
