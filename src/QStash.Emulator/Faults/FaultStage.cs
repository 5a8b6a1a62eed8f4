namespace QStash.Emulator.Faults;

/// <summary>Where an action takes effect. An attempt can meet one fault before it begins and one while it is sent.</summary>
enum FaultStage
{
    BeforeAttempt,
    Attempt,
    ApiCall,
    BulkAction,
}
