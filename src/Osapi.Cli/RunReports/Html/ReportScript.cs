namespace Osapi.Cli.RunReports.Html;

/// <summary>The script of a page: it filters the answers, and opens the task that a link leads to.</summary>
internal static class ReportScript
{
    public const string JavaScript = """

        'use strict';
        const form = document.getElementById('filter');
        const tasks = [...document.querySelectorAll('.task')].map(task => ({
          task,
          head: task.querySelector('summary').textContent.toLowerCase(),
          answers: [...task.querySelectorAll('.answer')].map(answer => ({ answer, text: answer.textContent.toLowerCase() })),
        }));
        function filter() {
          const [status, host, text] = ['status', 'host', 'text'].map(name => form.elements[name].value);
          const wanted = text.toLowerCase();
          let shown = 0;
          for (const { task, head, answers } of tasks) {
            let some = false;
            for (const { answer, text } of answers) {
              const fits = (!status || answer.dataset.status === status)
                && (!host || answer.dataset.hosts.includes(' ' + host + ' '))
                && (!wanted || head.includes(wanted) || text.includes(wanted));
              answer.hidden = !fits;
              some ||= fits;
            }
            task.hidden = !some;
            shown += some;
          }
          form.querySelector('output').value = shown + ' of ' + tasks.length + ' tasks';
        }
        function open() {
          const task = document.getElementById(location.hash.slice(1));
          if (task && task.matches('.task')) task.open = true;
        }
        form.hidden = false;
        form.addEventListener('input', filter);
        form.addEventListener('submit', event => event.preventDefault());
        addEventListener('hashchange', open);
        filter();
        open();

        """;
}
