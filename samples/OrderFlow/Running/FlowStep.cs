namespace OrderFlow.Running;

/// <summary>
/// What must happen in one run, in the order it usually does.
/// </summary>
public enum FlowStep
{
    CreditApproved,
    InvoiceWritten,
    OrderConfirmed,
    ChargeFailed,
    DeadLetterFound,
    ReportScheduled,
    ParcelTracked,
    CustomerReminded,
}
