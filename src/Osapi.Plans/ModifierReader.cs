using System.Globalization;
using Osapi.Operations;
using Osapi.Orchestrator;
using Osapi.Plans.Yaml;
using YamlDotNet.Core;

namespace Osapi.Plans;

/// <summary>Reads the modifiers of a task: its conditions and its error handling.</summary>
internal sealed class ModifierReader(List<FileProblem> problems)
{
    public static IReadOnlyList<string> Keys { get; } = ["when", "only_if_changed", "only_if_failed", "on_error", "timeout", "allow_host_failures", "max_host_failures", "allow_empty"];

    // The maximum time of a timer.
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(49);

    private const string Strategies = "stop_all, continue, retry(N), retry(N).then(continue), or a mapping with retry, initial, max and then";
    private static readonly IReadOnlyList<string> RetryKeys = ["retry", "initial", "max", "then"];
    private static readonly IReadOnlyList<string> ConditionKeys = ["task", "status", "reason"];

    // The final statuses of a task; succeeded covers both kinds of success.
    private static readonly Dictionary<string, Status[]> FinalStatuses = new()
    {
        ["succeeded"] = [Status.Changed, Status.Unchanged],
        ["changed"] = [Status.Changed],
        ["unchanged"] = [Status.Unchanged],
        ["skipped"] = [Status.Skipped],
        ["failed"] = [Status.Failed],
        ["cancelled"] = [Status.Cancelled],
    };

    /// <summary>Returns the modifiers, and the tasks that conditions name with the position of each.</summary>
    public (TaskModifiers Modifiers, IReadOnlyList<(string Name, Mark Mark)> Read) Read(YamlFields fields)
    {
        List<(string, Mark)> named = [];
        TaskModifiers modifiers = new()
        {
            Always = IsAlways(fields),
            When = [.. Conditions(fields, named)],
            OnlyIfChanged = fields.Flag("only_if_changed"),
            OnlyIfFailed = fields.Flag("only_if_failed"),
            OnError = Strategy(fields),
            Timeout = Time(fields, "timeout"),
            AllowHostFailures = Hosts(fields, "allow_host_failures"),
            MaxHostFailures = Hosts(fields, "max_host_failures"),
            AllowEmpty = fields.Flag("allow_empty"),
        };
        foreach (var key in (ReadOnlySpan<string>)["only_if_changed", "only_if_failed"])
            if (fields.Find(key) is { } node)
                CheckReaction(fields, key, node.Start, modifiers.Always);
        if (modifiers.Always && fields.Find("depends_on") is null)
            problems.Add(FileProblem.At(fields.Find("when")!.Start, "'when: always' requires tasks in 'depends_on'"));
        return (modifiers, named);
    }

    private void CheckReaction(YamlFields fields, string key, Mark mark, bool always)
    {
        if (fields.Find("depends_on") is null)
            problems.Add(FileProblem.At(mark, $"'{key}' requires tasks in 'depends_on'"));
        if (always)
            problems.Add(FileProblem.At(mark, $"'{key}' and 'when: always' exclude each other"));
    }

    /// <summary>Returns the error strategy; null when none is given.</summary>
    public ErrorStrategy? Strategy(YamlFields fields)
    {
        if (fields.Find("on_error") is not { } node)
            return null;
        if (node is YamlMapping mapping)
            return Retry(mapping);
        if (node is YamlScalar scalar && ErrorStrategy.TryParse(scalar.Text, provider: null, out var strategy))
            return strategy;
        problems.Add(FileProblem.At(node.Start, $"'on_error' must be {Strategies}"));
        return null;
    }

    /// <summary>Returns a duration; null when it is missing or invalid.</summary>
    public TimeSpan? Time(YamlFields fields, string name)
    {
        if (fields.Find(name) is not { } node)
            return null;
        if (node is YamlScalar scalar && Duration.TryParse(scalar.Text, provider: null, out var time) && time.Value <= MaxDuration)
            return time.Value;
        problems.Add(FileProblem.At(node.Start, $"'{name}' must be {Duration.Expected}, at most {MaxDuration.Days}d"));
        return null;
    }

    /// <summary>Returns a number from 1; null when it is missing or invalid.</summary>
    public int? Number(YamlFields fields, string name)
    {
        if (fields.Find(name) is not { } node)
            return null;
        if (node is YamlScalar scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        problems.Add(FileProblem.At(node.Start, $"'{name}' must be a whole number from 1"));
        return null;
    }

    /// <summary>Returns the order in which hosts go on.</summary>
    public PlanFlow Flow(YamlFields fields)
    {
        switch (fields.Text("flow", required: false))
        {
            case null or "task":
                return PlanFlow.Task;
            case "host":
                return PlanFlow.Host;
            case var other:
                problems.Add(FileProblem.At(fields.Find("flow")!.Start, $"'flow' must be task or host{Suggestions.Hint(other, ["task", "host"])}"));
                return PlanFlow.Task;
        }
    }

    private RetryStrategy? Retry(YamlMapping mapping)
    {
        var problemsBefore = problems.Count;
        YamlFields fields = new(mapping, RetryKeys, problems);
        var count = Number(fields, "retry");
        if (fields.Find("retry") is null)
            problems.Add(FileProblem.At(mapping.Start, "'retry' is required: the number of retries"));
        var initial = Time(fields, "initial");
        var max = Time(fields, "max");
        if (initial > max)
            problems.Add(FileProblem.At(fields.Find("max")!.Start, "'max' must not be shorter than 'initial'"));
        var then = fields.Text("then", required: false);
        if (then is not (null or "stop_all" or "continue"))
            problems.Add(FileProblem.At(fields.Find("then")!.Start, "'then' must be stop_all or continue"));
        if (problems.Count > problemsBefore)
            return null;
        var first = initial ?? TimeSpan.Zero;
        var retry = ErrorStrategy.Retry(count!.Value, first, max ?? first);
        return then is null ? retry : retry.Then(ErrorStrategy.Parse(then));
    }

    private HostFailureLimit? Hosts(YamlFields fields, string key)
    {
        if (fields.Find(key) is not { } node)
            return null;
        if (node is YamlScalar scalar && HostFailureLimit.TryParse(scalar.Text, provider: null, out var hosts))
            return hosts;
        problems.Add(FileProblem.At(node.Start, $"'{key}' must be a number of hosts or a percentage, such as 2 or 20%"));
        return null;
    }

    private static IReadOnlyList<YamlNode> Items(YamlFields fields) => fields.Find("when") switch
    {
        null => [],
        YamlList list => list.Items,
        var node => [node],
    };

    private static bool IsAlways(YamlFields fields) => Items(fields).Any(item => item is YamlScalar { Text: "always" });

    private IEnumerable<TaskCondition> Conditions(YamlFields fields, List<(string, Mark)> named)
    {
        foreach (var item in Items(fields))
            if (item is YamlMapping mapping)
            {
                if (Condition(new(mapping, ConditionKeys, problems), named) is { } condition)
                    yield return condition;
            }
            else if (item is not YamlScalar { Text: "always" })
            {
                problems.Add(FileProblem.At(item.Start, "'when' must be always, or conditions with task and status"));
            }
    }

    private TaskCondition? Condition(YamlFields fields, List<(string, Mark)> named)
    {
        var task = fields.Text("task", required: true);
        if (task is not null)
            named.Add((task, fields.Find("task")!.Start));
        List<Status> statuses = [];
        foreach (var (text, mark) in fields.Texts("status", required: true))
            if (FinalStatuses.TryGetValue(text, out var ends))
                statuses.AddRange(ends);
            else
                problems.Add(FileProblem.At(mark, $"'{text}' is not the status of an ended task{Suggestions.Hint(text, FinalStatuses.Keys)} (known: {string.Join(", ", FinalStatuses.Keys)})"));
        return task is null || statuses.Count == 0 ? null : new(task, statuses, fields.Text("reason", required: false));
    }
}
