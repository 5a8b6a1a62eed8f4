namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// A base class for observers that handle only some events of a bus.
/// </summary>
abstract class BusObserver : IBusObserver
{
    public virtual Task PreStart(IBus bus) => Task.CompletedTask;
    public virtual Task PostStart(IBus bus, Task<BusReady> busReady) => Task.CompletedTask;
    public virtual Task PreStop(IBus bus) => Task.CompletedTask;

    public void PostCreate(IBus bus)
    {
    }

    public void CreateFaulted(Exception exception)
    {
    }

    public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;
    public Task PostStop(IBus bus) => Task.CompletedTask;
    public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;
}
