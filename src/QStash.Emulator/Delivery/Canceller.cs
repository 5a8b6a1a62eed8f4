using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>Cancels messages.</summary>
sealed class Canceller(Dispatcher dispatcher)
{
    /// <summary>
    /// Cancels a message now. If an attempt is open, the cancellation takes the place of its retry. Needs the account's gate.
    /// </summary>
    public void Cancel(Message message)
    {
        if (!message.CancelRequested)
            message.Account.Log.Add(dispatcher.Scheduler.Now, message, MessageState.CancelRequested);

        message.CancelRequested = true;
        if (message.Phase == MessagePhase.InFlight)
        {
            message.Account.Journal?.CancelRequested(message);
            return;
        }

        message.Queue?.Remove(message);
        dispatcher.FlowControl.Leave(message);
        dispatcher.Finish(message, MessageState.Cancelled);
    }
}
