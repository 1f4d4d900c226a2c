using Osapi.Operations;

namespace Osapi.Controller.Tests.Laws;

/// <summary>An operation that acts on what the controller keeps, in a room where it has something to do.</summary>
/// <param name="Id">The operation.</param>
/// <param name="CallAsync">Calls it with these words at the end of the path.</param>
/// <param name="DriftAsync">Undoes, by another hand, what it did.</param>
internal sealed record ActingCase(string Id, Func<string, Task<Answer>> CallAsync, Func<Task> DriftAsync)
{
    public Operation Operation => OperationCatalog.Default.TryFind(Id, out var operation) ? operation : throw new InvalidOperationException(Id);

    /// <summary>What the check foresees.</summary>
    public async Task<CheckResult> CheckAsync() => CheckResult.Read((await CallAsync("check=true")).Assert2xx().Json)!;

    /// <summary>True when doing it changed something.</summary>
    public async Task<bool> ChangesAsync()
    {
        var answer = await CallAsync("check=false");
        Assert.Equal(Operation.SuccessStatus, (int)answer.Status);
        OperationReply reply = new(System.Text.Json.JsonElement.Parse(answer.Body.Length > 0 ? answer.Body : "{}"));
        Assert.Null(reply.Check);
        return Operation.IsChange(reply);
    }
}
