using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Tests;

/// <summary>Tests of the search for cycles that plans and plan files share.</summary>
public sealed class CycleSearchTests
{
    [Fact]
    public void A_cycle_behind_another_one_is_found_too()
    {
        Dictionary<string, string[]> graph = new() { ["a"] = ["b"], ["b"] = ["a"], ["x"] = ["a", "y"], ["y"] = ["x"], ["behind"] = ["x", "a"] };

        Assert.Equal(["a b", "x y"], Cycles(graph));
    }

    [Fact]
    public void Of_cycles_that_share_a_task_one_is_found()
    {
        Dictionary<string, string[]> graph = new() { ["a"] = ["b"], ["b"] = ["a", "c"], ["c"] = ["b"] };

        Assert.Equal(["a b"], Cycles(graph));
    }

    [Fact]
    public void Every_cycle_of_any_graph_has_a_task_in_one_that_is_found()
    {
        Random random = new(20261);
        for (var round = 0; round < 2_000; round++)
        {
            var count = random.Next(1, 9);
            var dependencies = Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(0, 3)).Select(_ => random.Next(count)).ToList()).ToList();

            var cycles = CycleSearch.Cycles(Enumerable.Range(0, count), task => dependencies[task]).ToList();

            Assert.All(cycles, cycle => Assert.All(cycle.Select((task, step) => (task, next: cycle[(step + 1) % cycle.Count])), edge => Assert.Contains(edge.next, dependencies[edge.task])));
            var found = cycles.SelectMany(cycle => cycle).ToList();
            Assert.Distinct(found);
            // The rest can be put into an order: each round takes out the tasks whose dependencies are out.
            HashSet<int> rest = [.. Enumerable.Range(0, count).Except(found)];
            while (rest.RemoveWhere(task => !dependencies[task].Exists(rest.Contains)) > 0)
            {
            }

            Assert.Empty(rest);
        }
    }

    private static IEnumerable<string> Cycles(Dictionary<string, string[]> graph) => CycleSearch.Cycles(graph.Keys, task => graph[task]).Select(cycle => string.Join(' ', cycle));
}
