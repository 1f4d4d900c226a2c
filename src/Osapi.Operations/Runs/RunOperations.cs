using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Runs;

/// <summary>Runs of plans: list, watch, cancel and resume them.</summary>
public static partial class RunOperations
{
    internal static OperationFamily Family => new([List, Get, Cancel, Delete, Owed, ForgetOwed, Start, TakeOver, Append, Journal]) { Read = [Permissions.RunRead], Write = [Permissions.RunWrite] };
}

/// <summary>Calls of the run family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class RunClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListRuns)), JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(GetRun)), JsonSerializable(typeof(CancelRun)), JsonSerializable(typeof(RunDetail))]
[JsonSerializable(typeof(DeleteRun)), JsonSerializable(typeof(NoContent))]
[JsonSerializable(typeof(ListOwed)), JsonSerializable(typeof(ForgetOwed)), JsonSerializable(typeof(OwedList))]
[JsonSerializable(typeof(StartRun)), JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(TakeOverRun)), JsonSerializable(typeof(RunTakenOver))]
[JsonSerializable(typeof(AppendJournal)), JsonSerializable(typeof(JournalPosition))]
[JsonSerializable(typeof(ReadJournal)), JsonSerializable(typeof(JournalPage)), JsonSerializable(typeof(JournalBatch))]
internal sealed partial class RunsJson : JsonSerializerContext
{
    public static RunsJson Requests { get; } = new(JsonConventions.Strict);

    public static RunsJson Results { get; } = new(JsonConventions.Lenient);
}
