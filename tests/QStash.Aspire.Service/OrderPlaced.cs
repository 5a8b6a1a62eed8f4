namespace QStash.Aspire.Service;

public record OrderPlaced(string Id);
