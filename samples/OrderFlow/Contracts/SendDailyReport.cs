namespace OrderFlow.Contracts;

/// <summary>Recurs every morning.</summary>
public record SendDailyReport;
