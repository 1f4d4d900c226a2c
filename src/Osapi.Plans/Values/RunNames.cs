using Osapi.Operations.Facts;
using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Secrets;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Values;

/// <summary>The names that expressions of a task read during the run, with their types.</summary>
internal sealed class RunNames(IReadOnlyList<SecretSource> secrets)
{
    private static readonly ValueType Facts = FactsType();
    private static readonly ValueType Run = ValueType.Struct("run", new Dictionary<string, StructMember> { ["id"] = new(ValueType.Text) });
    private readonly ResultTypes results = new();

    /// <summary>Returns the names of a place.</summary>
    /// <param name="task">The task that reads.</param>
    /// <param name="scope">The scope of the file in which the expression stands.</param>
    /// <param name="each">The item of a loop; null outside of one.</param>
    /// <param name="readsOwn">True for a condition over the task's own result.</param>
    /// <param name="isLoop">True in <c>for_each</c>, which makes the items.</param>
    /// <param name="isRequest">True in <c>with</c>, the only place for secrets.</param>
    public ExpressionScope Of(TaskHead task, PlanScope scope, EachItem? each, bool readsOwn = false, bool isRequest = false, bool isLoop = false)
    {
        var roots = KnownNames.Roots(scope, each);
        if (each is { IsKnownBeforeRun: false } && task.Draft.Each == each && isLoop)
            roots["each"] = new(ValueType.Any) { Refusal = "'each' is an item of this loop, and 'for_each' says what its items are" };
        roots["results"] = new(results.Of(scope, task.KnowsHost)) { NamesTasks = true };
        var noHost = task.KnowsHost ? null
            : task.RunsOnHosts ? "the host of a task on _any is not known before it runs"
            : $"{task.Operation!.Id} runs on the controller and has no host";
        roots["host"] = new(ValueType.Text) { LooksAtHost = true, Refusal = noHost };
        roots["facts"] = new(Facts) { LooksAtHost = true, Refusal = noHost };
        roots["run"] = new(Run);
        roots["secrets"] = isRequest
            ? new(ValueType.Struct("secrets", secrets.ToDictionary(secret => secret.Name, _ => new StructMember(ValueType.Text)))) { IsSecret = true }
            : new(ValueType.Any) { Refusal = "secrets are read in secret members of 'with' only" };
        roots["result"] = readsOwn
            ? new(ResultTypes.OwnOf(task)) { LooksAtHost = task.KnowsHost }
            : new(ValueType.Any) { Refusal = "'result' is the task's own result, in 'changed_when' and 'failed_when'; an earlier one is results.NAME" };
        return new() { Roots = roots, HostOf = scope.HostsOf ??= HostsOf(scope) };
    }

    private static Dictionary<string, string?> HostsOf(PlanScope scope) =>
        scope.Groups.Where(group => group.Value is { Kind: GroupKind.Task, Tasks.Count: 1 }).ToDictionary(group => group.Key, group => group.Value.Tasks[0].Head switch
        {
            { RunsOnHosts: false } => $"'{group.Key}' runs on the controller and has no host",
            { IsOneCell: false } => $"'{group.Key}' may run on several hosts; host_of takes a task on _any or on one host",
            _ => null,
        });

    private static ValueType FactsType()
    {
        var type = (ValueType.StructType)ContractTypes.Of(HostFacts.Json, "the facts of a host");
        Dictionary<string, StructMember> members = new(type.Members);
        members["os_hostname"] = members["os_hostname"] with { Refusal = "the controller has no record of 'os_hostname'; the host itself reads @fact.os_hostname" };
        return ValueType.Struct(type.Name, members);
    }
}
