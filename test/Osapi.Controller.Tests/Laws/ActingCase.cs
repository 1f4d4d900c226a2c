using Osapi.Operations;

namespace Osapi.Controller.Tests.Laws;

/// <summary>An operation that changes the controller's data, in a fixture where it has something to change.</summary>
/// <param name="Id">The operation.</param>
/// <param name="CallAsync">Calls it with this query string.</param>
/// <param name="DriftAsync">Reverts its change, like another caller.</param>
internal sealed record ActingCase(string Id, Func<string, Task<Answer>> CallAsync, Func<Task> DriftAsync)
{
    public Operation Operation => OperationCatalog.Default.TryFind(Id, out var operation) ? operation : throw new InvalidOperationException(Id);

    /// <summary>Checks the operation.</summary>
    public async Task<CheckResult> CheckAsync() => CheckResult.Read((await CallAsync("check=true")).Assert2xx().Json)!;

    /// <summary>Runs the operation; true when it changed something.</summary>
    public async Task<bool> ChangesAsync()
    {
        var answer = await CallAsync("check=false");
        Assert.Equal(Operation.SuccessStatus, (int)answer.Status);
        OperationReply reply = new(System.Text.Json.JsonElement.Parse(answer.Body.Length > 0 ? answer.Body : "{}"));
        Assert.Null(reply.Check);
        return Operation.IsChange(reply);
    }
}
