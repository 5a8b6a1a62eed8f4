namespace Bridge.Running;

/// <summary>What must happen in one run.</summary>
public enum BridgeStep
{
    CreditChecked,
    InvoiceWritten,
    CardCharged,
    ShopKnowsOfTheCharge,
}
