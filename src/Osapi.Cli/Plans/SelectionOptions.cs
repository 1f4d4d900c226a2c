using System.CommandLine;
using Osapi.Cli.Completion;
using Osapi.Operations;
using Osapi.Orchestrator;
using Osapi.Plans;

namespace Osapi.Cli.Plans;

/// <summary>The options that select a part of a plan file.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string[]> only = new("--only") { Description = "Run only these tasks, and not what they depend on; a name of a loop or an included file stands for its tasks, * for any text; separated by commas or repeated", HelpName = "task" };
    private readonly Option<string[]> skip = new("--skip") { Description = "Do not run these tasks; separated by commas or repeated", HelpName = "task" };
    private readonly Option<string[]> tags = new("--tags") { Description = "Run only tasks with one of these tags; separated by commas or repeated", HelpName = "tag" };
    private readonly Option<string[]> skipTags = new("--skip-tags") { Description = "Do not run tasks with one of these tags; separated by commas or repeated", HelpName = "tag" };
    private readonly Option<string?> startAt = new("--start-at") { Description = "Start at this task: without what it depends on, and what stands before it in the plan", HelpName = "task" };
    private readonly Option<string[]> limit = new("--limit") { Description = "Run only on these hosts of each target: host names separated by commas, or a label key:value", HelpName = "hosts" };

    public void AddTo(Command command)
    {
        limit.CompletionSources.Add(LiveValues.Targets);
        foreach (var option in (Option[])[only, skip, tags, skipTags, startAt, limit])
            command.Options.Add(option);
    }

    /// <summary>Reads the options; null when none is given.</summary>
    public PlanSelection? Read(ParseResult result, List<string> problems)
    {
        PlanSelection selection = new()
        {
            Only = Names(result, only, problems),
            Skip = Names(result, skip, problems),
            Tags = Names(result, tags, problems),
            SkipTags = Names(result, skipTags, problems),
            StartAt = result.GetValue(startAt),
            Limit = Limit(Names(result, limit, problems), problems),
        };
        return selection is { Only.Count: 0, Skip.Count: 0, Tags.Count: 0, SkipTags.Count: 0, StartAt: null, Limit: null } ? null : selection;
    }

    /// <summary>Returns the plan with the selected tasks; names that it does not have are added to the problems.</summary>
    public static PlanFile Apply(PlanFile plan, PlanSelection? selection, List<string> problems)
    {
        var (selected, wrong) = PlanFileSelection.Of(plan, selection);
        problems.AddRange(wrong.Select(problem => $"--{problem.Option}: {problem.Text}"));
        return selected;
    }

    /// <summary>Reads the options for a plan.</summary>
    /// <exception cref="CommandException">The plan does not have what they name.</exception>
    public PlanSelection? ReadFor(ParseResult result, ref PlanFile plan)
    {
        List<string> problems = [];
        var selection = Read(result, problems);
        plan = Apply(plan, selection, problems);
        return problems.Count == 0 ? selection : throw CommandException.BadInput(problems);
    }

    private static IReadOnlyList<string> Names(ParseResult result, Option<string[]> option, List<string> problems)
    {
        List<string> names = [.. (result.GetValue(option) ?? []).SelectMany(Split)];
        if (names.Contains(""))
            problems.Add($"{option.Name}: a name is empty");
        return names;
    }

    // The key of a loop may have commas: install[a,b].
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var index = 0; index < text.Length; index++)
        {
            depth += text[index] switch { '[' => 1, ']' => -1, _ => 0 };
            if (text[index] != ',' || depth > 0)
                continue;
            yield return text[start..index].Trim();
            start = index + 1;
        }

        yield return text[start..].Trim();
    }

    private static Target? Limit(IReadOnlyList<string> names, List<string> problems)
    {
        if (names.Count == 0 || names.Contains(""))
            return null;
        try
        {
            return names is [var one] ? Target.Parse(one) : Target.OfHosts(names);
        }
        catch (FormatException exception)
        {
            problems.Add($"--limit: {exception.Message}{(names.Any(name => name.Contains(':', StringComparison.Ordinal)) ? "; a label stands alone" : "")}");
            return null;
        }
    }
}
