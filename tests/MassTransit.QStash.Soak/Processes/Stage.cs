using MassTransit.QStash.Soak.Judging;
using MassTransit.QStash.Soak.Services;

namespace MassTransit.QStash.Soak.Processes;

/// <summary>
/// The emulator and the two services, each of which can be killed and comes back at the same address; the proxy before them, and
/// a replica of each service, which are not killed.
/// </summary>
sealed class Stage : IAsyncDisposable
{
    readonly SoakOptions _options;
    readonly Judge _judge;
    readonly string _folder;
    readonly StreamWriter _ledger;
    readonly int _emulatorPort = FreePort.Find();
    readonly Dictionary<string, int> _hits = [];
    readonly TaskCompletionSource _ordersReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _billingReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly int _publicOrdersPort = FreePort.Find();
    readonly int _publicBillingPort = FreePort.Find();
    ChildProcess? _emulator;
    ChildProcess? _orders;
    ChildProcess? _billing;
    ChildProcess? _ordersReplica;
    ChildProcess? _billingReplica;

    public Stage(SoakOptions options, Judge judge, string folder)
    {
        _options = options;
        _judge = judge;
        _folder = folder;
        _ledger = File.CreateText(Path.Combine(folder, "ledger.txt"));
        Api = new EmulatorApi(Url);
        Proxy = new Proxy(options.Seed, judge, new Dictionary<int, ProxyRoute>
        {
            [_publicOrdersPort] = new(FreePort.Find(), FreePort.Find()),
            [_publicBillingPort] = new(FreePort.Find(), FreePort.Find()),
        });
        Guard = new Guard(Api, judge);
    }

    /// <summary>Fails while the emulator is dead.</summary>
    public EmulatorApi Api { get; }

    /// <summary>Where QStash delivers orders to.</summary>
    public Uri BillingAddress => new($"http://127.0.0.1:{_publicBillingPort}/qstash/{BillingService.Name}");

    /// <summary>What QStash calls, and what copies the calls.</summary>
    public Proxy Proxy { get; }

    /// <summary>Sees what the copies must not do.</summary>
    public Guard Guard { get; }

    /// <summary>How often each fault was hit, up to the last time somebody looked; an emulator that is killed forgets.</summary>
    public IReadOnlyDictionary<string, int> Hits => _hits;

    Uri Url => new($"http://127.0.0.1:{_emulatorPort}");

    /// <summary>Billing is there before an order is: who subscribes later gets no earlier message.</summary>
    public async Task StartAsync()
    {
        await Proxy.StartAsync();
        await StartEmulatorAsync();
        StartBilling();
        await _billingReady.Task;
        StartOrders();
        await _ordersReady.Task;
        (_ordersReplica, _billingReplica) = (StartReplica(OrdersService.Name, _publicOrdersPort), StartReplica(BillingService.Name, _publicBillingPort));
    }

    public async Task KillAsync(Victim victim)
    {
        if (victim is Victim.Emulator or Victim.Everything)
            await CountHitsAsync();

        // All at once, and none is back before all are gone.
        await Task.WhenAll(
            victim is Victim.Emulator or Victim.Everything ? EndAsync(_emulator) : Task.CompletedTask,
            victim is Victim.Orders or Victim.Everything ? EndAsync(_orders) : Task.CompletedTask,
            victim is Victim.Billing or Victim.Everything ? EndAsync(_billing) : Task.CompletedTask);

        if (victim is Victim.Orders or Victim.Everything)
            StartOrders();
        if (victim is Victim.Billing or Victim.Everything)
            StartBilling();
        if (victim is Victim.Emulator or Victim.Everything)
            await StartEmulatorAsync();
    }

    public async Task CountHitsAsync()
    {
        foreach (var (action, hits) in await Api.HitsAsync())
            _hits[action] = _hits.GetValueOrDefault(action) + hits;
    }

    /// <summary>Ends the services, after which all they had to say has been read.</summary>
    public async Task EndServicesAsync()
    {
        await EndAsync(_orders);
        await EndAsync(_billing);
        await EndAsync(_ordersReplica);
        await EndAsync(_billingReplica);
        (_orders, _billing, _ordersReplica, _billingReplica) = (null, null, null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await EndServicesAsync();
        await EndAsync(_emulator);
        await Proxy.DisposeAsync();
        Api.Dispose();
        await _ledger.DisposeAsync();
    }

    static Task EndAsync(ChildProcess? process) => process?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    async Task StartEmulatorAsync()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _emulator = ChildProcess.Start(
            "qstash-emulator.dll",
            line =>
            {
                if (line.StartsWith("QStash emulator is running", StringComparison.Ordinal))
                    running.TrySetResult();
            },
            () => _judge.Blame("the emulator ended by itself"),
            "--port", $"{_emulatorPort}", "--control", "--quiet", "--data", Path.Combine(_folder, "emulator.db"));
        await running.Task;
        foreach (var rule in Faults.Rules(_options.Seed))
            await Api.AddFaultAsync(rule);
    }

    void StartOrders() => _orders = StartService(OrdersService.Name, _publicOrdersPort, isReplica: false, _ordersReady);

    void StartBilling() => _billing = StartService(BillingService.Name, _publicBillingPort, isReplica: false, _billingReady);

    ChildProcess StartReplica(string name, int publicPort) => StartService(name, publicPort, isReplica: true, new TaskCompletionSource());

    ChildProcess StartService(string name, int publicPort, bool isReplica, TaskCompletionSource ready) => ChildProcess.Start(
        "MassTransit.QStash.Soak.dll",
        line =>
        {
            if (LedgerEntry.Parse(line) is not { } entry)
                return;

            lock (_ledger)
                _ledger.WriteLine($"{name} {line}");

            if (entry.Kind == LedgerKind.Ready)
                ready.TrySetResult();
            else
                _judge.Read(name, entry);
        },
        () => _judge.Blame($"{name} ended by itself"),
        name,
        Url.AbsoluteUri,
        $"{(isReplica ? Proxy.Routes[publicPort].Replica : Proxy.Routes[publicPort].Service)}",
        $"{publicPort}",
        $"{isReplica}",
        _folder, $"{_options.Orders}", $"{_options.Seed}", $"{_options.Broken}");
}
