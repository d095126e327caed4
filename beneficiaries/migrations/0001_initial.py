"""The tables as they were first laid."""

import django.db.models.deletion
import django.utils.timezone
import kmop.shared.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('partners', '0001_initial'),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='NeedsRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ('held_on', models.DateField(verbose_name='Held on')),
                ('method', models.CharField(max_length=200, verbose_name='Method')),
                ('people_asked', models.PositiveIntegerField(verbose_name='People asked')),
                ('people_answering', models.PositiveIntegerField(verbose_name='People answering')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.place')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs_rounds', to='projects.project')),
            ],
            options={
                'ordering': ['-held_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RightsHolderGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ('titles', kmop.shared.fields.TextsField(default=dict, verbose_name='Group')),
                ('size', models.PositiveIntegerField(blank=True, null=True, verbose_name='About how many people')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='projects.project')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ('titles', kmop.shared.fields.TextsField(default=dict, verbose_name='Need')),
                ('right', models.CharField(blank=True, choices=[('eu_charter', 'EU Charter of Fundamental Rights'), ('crc', 'Convention on the Rights of the Child'), ('crpd', 'Convention on the Rights of Persons with Disabilities'), ('cedaw', 'Convention on discrimination against women'), ('esc', 'European Social Charter')], max_length=12, verbose_name='The right it stands on')),
                ('state', models.CharField(choices=[('voiced', 'Voiced'), ('confirmed', 'Confirmed'), ('answered', 'Answered'), ('met', 'Met'), ('refused', 'Refused')], default='voiced', max_length=10, verbose_name='State')),
                ('refused_because', models.TextField(blank=True, verbose_name='Refused because')),
                ('external_id', models.CharField(blank=True, max_length=100)),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.activity')),
                ('duty_bearer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation', verbose_name='Duty-bearer')),
                ('indicators', models.ManyToManyField(blank=True, related_name='+', to='projects.indicator')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.place')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='projects.project')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='needs', to='beneficiaries.rightsholdergroup')),
            ],
            options={
                'ordering': ['project_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=12, unique=True)),
                ('channel', models.CharField(choices=[('web', 'Web form'), ('qr_poster', 'QR poster'), ('api', 'API'), ('sms', 'SMS'), ('paper', 'Paper'), ('hotline', 'Hotline')], default='web', max_length=10, verbose_name='Channel')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='Language')),
                ('text', models.TextField(verbose_name='Message')),
                ('translation', models.TextField(blank=True, verbose_name='Translation')),
                ('paraphrase', models.TextField(blank=True, verbose_name='Paraphrase')),
                ('may_quote', models.BooleanField(default=False, verbose_name='May be quoted')),
                ('kind', models.CharField(blank=True, choices=[('question', 'Question'), ('request', 'Request'), ('praise', 'Thanks'), ('complaint', 'Complaint'), ('rumour', 'Rumour')], max_length=10, verbose_name='Kind')),
                ('sex', models.CharField(choices=[('female', 'Woman'), ('male', 'Man'), ('other', 'Another'), ('not_stated', 'Not said')], default='not_stated', max_length=10, verbose_name='Sex')),
                ('age_band', models.CharField(choices=[('0-14', 'Under 15'), ('15-17', '15–17'), ('18-24', '18–24'), ('25-39', '25–39'), ('40-64', '40–64'), ('65+', '65 and over'), ('not_stated', 'Not said')], default='not_stated', max_length=10, verbose_name='Age')),
                ('disability', models.CharField(choices=[('yes', 'Lives with a disability'), ('no', 'Lives without a disability'), ('not_stated', 'Not said')], default='not_stated', max_length=10, verbose_name='Disability')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='How to reach the person')),
                ('state', models.CharField(choices=[('new', 'New'), ('acknowledged', 'Acknowledged'), ('answered', 'Answered'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn')], default='new', max_length=12, verbose_name='State')),
                ('priority', models.BooleanField(default=False, verbose_name='Urgent')),
                ('is_about_conduct', models.BooleanField(default=False, verbose_name="About somebody's conduct")),
                ('received_at', models.DateTimeField()),
                ('promised_on', models.DateField()),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('external_id', models.CharField(blank=True, max_length=100)),
                ('search_text', models.TextField(default='', editable=False)),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.place')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='projects.project')),
                ('shared_with', models.ManyToManyField(blank=True, related_name='+', to='partners.organisation')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='voices', to='beneficiaries.need')),
            ],
            options={
                'ordering': ['-received_at', 'id'],
                'indexes': [models.Index(fields=['project', '-received_at'], name='feedback_project_received'), models.Index(fields=['state', 'promised_on'], name='feedback_state_promised')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('you_said', kmop.shared.fields.TextsField(default=dict, verbose_name='You said')),
                ('outcome', models.CharField(choices=[('accept', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=10, verbose_name='We decided')),
                ('reason', models.TextField(verbose_name='Reason')),
                ('we_changed', kmop.shared.fields.TextsField(blank=True, default=dict, verbose_name='We changed')),
                ('people', models.PositiveIntegerField(default=0, verbose_name='People behind it')),
                ('decided_on', models.DateField(verbose_name='Decided on')),
                ('is_public', models.BooleanField(default=True, verbose_name='On the public board')),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.activity')),
                ('budget_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.budgetline')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indicator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='projects.indicator')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='projects.project')),
                ('feedback', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decisions', to='beneficiaries.feedback')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decisions', to='beneficiaries.need')),
            ],
            options={
                'ordering': ['-decided_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sender', models.CharField(choices=[('person', 'The person'), ('staff', 'Staff')], max_length=10)),
                ('text', models.TextField()),
                ('language', models.CharField(blank=True, max_length=10)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('feedback', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='beneficiaries.feedback')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NeedConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('receipt', 'Receipt'), ('round', 'Round'), ('panel', 'Panel')], max_length=10)),
                ('key', models.CharField(max_length=64)),
                ('is_met', models.BooleanField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='beneficiaries.need')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('need', 'key'), name='need_confirmation_once')],
            },
        ),
        migrations.CreateModel(
            name='NeedRank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField()),
                ('people', models.PositiveIntegerField(verbose_name='People')),
                ('people_first', models.PositiveIntegerField(default=0, verbose_name='People who put it first')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranks', to='beneficiaries.need')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranks', to='beneficiaries.needsround')),
            ],
            options={
                'ordering': ['round_id', 'rank', 'id'],
                'constraints': [models.UniqueConstraint(fields=('round', 'need'), name='need_rank_once')],
            },
        ),
        migrations.CreateModel(
            name='SensitiveReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('key_id', models.CharField(max_length=16)),
                ('received_at', models.DateTimeField()),
                ('first_opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['-received_at'],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code_mac', models.CharField(max_length=64, unique=True)),
                ('pin_hash', models.CharField(max_length=200)),
                ('wrong_tries', models.PositiveIntegerField(default=0)),
                ('locked_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('feedback', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='receipt', to='beneficiaries.feedback')),
                ('sensitive', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='receipt', to='beneficiaries.sensitivereport')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('feedback', None), ('sensitive__isnull', False)), models.Q(('feedback__isnull', False), ('sensitive', None)), _connector='OR'), name='receipt_of_one')],
            },
        ),
        migrations.CreateModel(
            name='SensitiveOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('reason', models.CharField(max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='beneficiaries.sensitivereport')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
    ]

