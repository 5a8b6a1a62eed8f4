namespace OrderFlow.Running;

/// <summary>
/// What must happen in one run.
/// </summary>
public enum FlowStep
{
    // Orders and Billing
    CreditApproved,
    InvoiceWritten,
    OrderConfirmed,
    ChargeFailed,
    DeadLetterFound,
    ReportScheduled,
    ParcelTracked,
    CustomerReminded,

    // Time
    PaymentOverdue,
    ReminderCancelled,
    CountPaused,

    // Delivery
    CopyRecognised,
    DeliveryReported,
    TrafficLimited,
    CarrierCalled,
}
