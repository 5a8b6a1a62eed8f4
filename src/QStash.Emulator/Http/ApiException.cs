namespace QStash.Emulator.Http;

/// <summary>A request that is answered with an error (contract 1.4). The message is the answer's <c>error</c> member.</summary>
sealed class ApiException(int statusCode, string message) : Exception(message)
{
    public int StatusCode { get; } = statusCode;

    /// <summary>What the answer carries besides.</summary>
    public (string Name, long Value)[] Headers { get; init; } = [];

    public static ApiException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    public static ApiException NotFound(string message) => new(StatusCodes.Status404NotFound, message);
}
